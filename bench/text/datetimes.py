"""Dates and times: arithmetic, calendars, parsing and formatting, time zones, holidays, a schedule with recurrences."""
import calendar
from datetime import date, datetime, timedelta, timezone


def easter(year):
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    l = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return date(year, month, day + 1)


def work_days(start, count, holidays):
    day = start
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            count -= 1
    return day


def main():
    holidays = {easter(year) + timedelta(days=d) for year in range(1990, 2100) for d in (-2, 1, 39, 50)}
    print(len(holidays), easter(2026), work_days(date(2020, 1, 1), 9000, holidays))
    moment, total = datetime(2000, 1, 1, tzinfo=timezone.utc), timedelta()
    zone = timezone(timedelta(hours=5, minutes=30))
    for n in range(15_000):
        moment += timedelta(hours=7, seconds=n % 60)
        local = moment.astimezone(zone)
        total += local - datetime(2000, 1, 1, tzinfo=zone)
    print(moment, local.isoformat(), total)
    texts = [(datetime(2001, 3, 4) + timedelta(minutes=n * 37)).isoformat() for n in range(20_000)]
    times = [datetime.fromisoformat(text) for text in texts]
    print(max(times), sum(t.hour for t in times), sum(t.timetuple().tm_yday for t in times[:5000]))
    print(sum(len(t.strftime("%a %d %b %Y %H:%M")) for t in times[:8000]))
    print(sum(datetime.strptime(f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/2024 10:{n % 60:02d}", "%d/%m/%Y %H:%M").toordinal() for n in range(2500)))
    print(sum(calendar.monthrange(y, m)[1] for y in range(1900, 2100) for m in range(1, 13)), calendar.month(2026, 2))
    spans = [timedelta(days=n % 9, hours=n % 31, microseconds=n) for n in range(20_000)]
    print(sum(spans, timedelta()), max(spans), sum(spans, timedelta()) / 7, sorted(times[:4000], key=lambda t: (t.day, t))[0])
    print(sum((date(2024, 1, 1) + timedelta(days=n)).isocalendar()[1] for n in range(12_000)), date(2024, 2, 29).replace(month=3))


if __name__ == "__main__":
    main()
