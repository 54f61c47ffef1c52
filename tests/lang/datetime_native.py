"""datetime: every operation of its five classes, their texts, pickles and errors."""
import datetime as module
import itertools
import pickle
from datetime import date, datetime, time, timedelta, timezone, tzinfo, UTC


def show(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(repr(result))


deltas = [timedelta(), timedelta(1), timedelta(-1), timedelta(0, 1), timedelta(0, 0, -1), timedelta.max, timedelta.min,
          timedelta(weeks=1.5, days=0.1, hours=-0.3, milliseconds=2.7, microseconds=0.5), timedelta(microseconds=2**66)]
for d in deltas:
    print(repr(d), str(d), bool(d), d.total_seconds(), pickle.loads(pickle.dumps(d)) == d, hash(d) == hash(timedelta(d.days, d.seconds, d.microseconds)))
    show(lambda: (-d, abs(d)))
for a, b in itertools.product(deltas, repeat=2):
    show(lambda: (a + b, a - b))
    show(lambda: (a // b, a % b, divmod(a, b), a / b))
    print(a < b, a <= b, a == b, a != b)
for d, number in itertools.product(deltas, [0, 1, -3, 7, 0.1, -2.5, 1e-6, 10**30, float("inf"), float("nan"), True, "x"]):
    show(lambda: d * number)
    show(lambda: number * d)
    show(lambda: d / number)
    show(lambda: d // number)
show(timedelta, days=10**9)
show(timedelta, days="1")
show(timedelta, seconds=10**400)

for args in [(2024, 2, 29), (1, 1, 1), (9999, 12, 31), (2023, 2, 29), (0, 1, 1), (10000, 1, 1), (2024, 13, 1), (2024, 4, 31), (2024,),
             (), (2024.5, 1, 1), (2**40, 1, 1), (b"\x07\xe8\x02\x1d",)]:
    show(date, *args)
for d in [date(2024, 2, 29), date.min, date.max, date(2020, 12, 31), date(2021, 1, 3), datetime(2005, 1, 1, 13, 5)]:
    print(d.isoformat(), d.ctime(), d.toordinal(), d.weekday(), d.isoweekday(), d.isocalendar(), tuple(d.isocalendar()))
    print(d.timetuple(), f"{d:%Y-%m-%d %j %G %V %C %F %%}", str(d), format(d, ""), repr(d))
    show(lambda: d + timedelta(1))
    show(lambda: d - timedelta(1))
    show(lambda: d - date(2000, 1, 1))
    show(lambda: d < date(2022, 1, 1))
    show(d.replace, year=2001, month=3, day=4)
    print(pickle.loads(pickle.dumps(d)) == d, type(pickle.loads(pickle.dumps(d))).__name__)
for text in ["2024-02-29", "20240229", "2024-W09-4", "2024W094", "2024W09", "2024-W9", "2024-W54-1", "2024-2-9", "", "2024-02-30", "é024-01-01"]:
    show(date.fromisoformat, text)
show(date.fromisocalendar, 2020, 53, 7)
show(date.fromisocalendar, 2021, 53, 7)
show(date.fromordinal, 0)
show(date.fromordinal, 4000000)

eastern, half = timezone(timedelta(hours=-5), "EST"), timezone(timedelta(hours=5, minutes=30))
for zone in [UTC, eastern, half, timezone.min, timezone.max, timezone(timedelta(seconds=1.5))]:
    print(repr(zone), str(zone), zone.utcoffset(None), zone.tzname(None), zone.dst(None), pickle.loads(pickle.dumps(zone)) == zone)
show(timezone, timedelta(1))
show(timezone, 5)
show(timezone, timedelta(0), 5)
show(UTC.utcoffset, 5)

times = [time(), time(1, 2, 3, 4), time(23, 59, 59, 999999, UTC), time(12, 30, tzinfo=eastern, fold=1), time(0, tzinfo=half)]
for x in times:
    print(repr(x), str(x), x.isoformat("milliseconds"), x.isoformat(timespec="hours"), x.utcoffset(), x.tzname(), f"{x:%H:%M:%S.%f %z %:z %Z}")
    print(pickle.loads(pickle.dumps(x)) == x, x.replace(hour=5), [p for p in map(x.__eq__, times)])
show(lambda: times[0] < times[2])
show(time, 24)
show(time, 1, 60)
show(time, 1, 2, 3, 10**6)
show(time, fold=2)
show(time, tzinfo=5)
show(times[0].isoformat, "bogus")
for text in ["04", "0415", "04:15:30", "T04:15:30.5", "041530,123456789", "04:15:30+05:30", "04:15:30Z", "24:00", "24:01", "4:15", "04:15.5", "04:15:30-24:00"]:
    show(time.fromisoformat, text)


class Zone(tzinfo):
    """One hour ahead, and two from April on."""

    def utcoffset(self, dt):
        return timedelta(hours=1) + self.dst(dt)

    def dst(self, dt):
        return timedelta(hours=dt is not None and dt.month >= 4)

    def tzname(self, dt):
        return "%zone"

    def __repr__(self):
        return "Zone()"


class Sub(datetime):
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls, *args, **kwargs)


zone = Zone()
moments = [datetime(2024, 2, 29, 13, 14, 15, 161718), datetime.min, datetime.max, datetime(2024, 5, 1, 12, tzinfo=zone),
           datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 5, 1, 7, fold=1, tzinfo=eastern), Sub(2000, 1, 1)]
for m in moments:
    print(repr(m), str(m), m.isoformat(" ", "minutes"), m.isoformat("é"), m.utcoffset(), m.tzname(), m.dst())
    show(lambda: (m + timedelta(hours=25), m - timedelta(microseconds=1)))
    show(m.astimezone, half) if m.tzinfo else None
    show(m.timestamp) if m.tzinfo else None
    print(m.date(), m.time(), m.timetz(), pickle.loads(pickle.dumps(m)) == m, m.replace(tzinfo=None, fold=1), f"{m:%c %f %z %Z}")
    show(m.utctimetuple)
    show(m.__reduce_ex__, 4)
for a, b in itertools.product(moments, repeat=2):
    show(lambda: a - b)
    show(lambda: a < b)
    print(a == b, a != b, hash(a) == hash(b))
print(moments[3] == moments[3].astimezone(UTC), type(moments[-1] + timedelta(1)).__name__, moments[0] == date(2024, 2, 29))
show(lambda: moments[0] < date(2024, 2, 29))
for text in ["2024-02-29T01:02:03.456789+01:00", "2024-02-29", "20240229T010203", "2024-W09-4 12", "2024W094T12", "2024-02-29x24:00",
             "9999-12-31T24:00", "2024-02-29T25:00", "2024-02-29T", "2024-02-29é10:11", "2024", "2024-02-29T01:02:03Z"]:
    show(datetime.fromisoformat, text)
show(datetime.fromtimestamp, 0.9999996, UTC)
show(datetime.fromtimestamp, -1.5, UTC)
show(datetime.fromtimestamp, 1e18, UTC)
show(datetime.fromtimestamp, float("nan"))
show(datetime.fromtimestamp, "x")
show(datetime.combine, date(2024, 1, 2), time(3, 4, tzinfo=UTC))
show(datetime.combine, date(2024, 1, 2), time(3, 4, tzinfo=UTC), None)
show(datetime.strptime, "2024-02-29 10:11 +0200", "%Y-%m-%d %H:%M %z")
show(date.strptime, "29/02/24", "%d/%m/%y")
show(datetime.strptime, "x", "%Y")
show(datetime)
show(datetime, 2024, 1, 1, tzinfo=1)
show(tzinfo().utcoffset, None)
show(zone.fromutc, datetime(2024, 1, 1))
print(datetime.now() - datetime.now() < timedelta(1), datetime.now(UTC).tzinfo, date.today() == datetime.today().date())
print(sorted(name for name in dir(module) if name[0] != "_" and name != "datetime_CAPI"))
