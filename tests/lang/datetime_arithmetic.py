from datetime import *
d = date(2024, 2, 29)
t = time(13, 5, 7, 123456)
dt = datetime.combine(d, t, timezone(timedelta(hours=5, minutes=30)))
print(d, repr(d), t, repr(t), dt, repr(dt), dt.isoformat(timespec="milliseconds"),
    dt.astimezone(timezone.utc), dt.utcoffset(), dt.tzname())
print(d + timedelta(days=366), d - date(2023, 3, 1), d.replace(year=2028), d.weekday(), d.isoweekday(),
    tuple(d.isocalendar()), d.timetuple().tm_yday, d.toordinal(), date.fromordinal(1),
    date.fromisocalendar(2024, 9, 4), d < date(2025, 1, 1))
td = timedelta(days=1, hours=-3, microseconds=5)
print(td, repr(td), td.total_seconds(), -td, td * 2.5, td / 2, td // timedelta(hours=1),
    td % timedelta(hours=2), abs(-td), divmod(td, timedelta(hours=5)), timedelta.max, timedelta(-1),
    timedelta(weeks=1) / timedelta(days=2))
print(dt.strftime("%Y-%m-%d %H:%M:%S.%f %z %a %b %j %U %p %I %y %% %A %B"), d.strftime("%d/%m/%y"),
    t.strftime("%H|%M"), datetime.strptime("5 Mar 2021 04:05PM +0200", "%d %b %Y %I:%M%p %z"),
    date.strptime("2020-12-31", "%Y-%m-%d"))
for s in ("2024-01-02", "20240102T030405Z", "2024-01-02T03:04:05.678901+01:30", "2024-W05-3",
    "2024-01-02 03:04"):
    print(datetime.fromisoformat(s), end="; ")
print(time.fromisoformat("04:05:06Z"), date.fromisoformat("20240229"),
    datetime.fromtimestamp(0, timezone.utc), datetime(1970, 1, 2, tzinfo=timezone.utc).timestamp(),
    datetime.min, datetime.max, datetime(2024, 1, 1, fold=1))
for code in ("date(2023, 2, 29)", "date(0, 1, 1)", "time(25)", "datetime(2024, 13, 1)",
    "date.max + timedelta(1)", "datetime(2024,1,1) - datetime(2024,1,1,tzinfo=timezone.utc)",
    "datetime(2024,1,1) < datetime(2024,1,1,tzinfo=timezone.utc)", "date.fromisoformat('2024-1-1')",
    "datetime.strptime('x', '%Y')", "timedelta(days=10**10)", "timezone(timedelta(hours=25))",
    "date(2024, 1, 'x')", "d + 5", "datetime.strptime('2024 x', '%Y')"):
    try:
        print(eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__)
class Fixed(tzinfo):
    def utcoffset(self, dt): return timedelta(hours=-4)
    def dst(self, dt): return timedelta(0)
    def tzname(self, dt): return "FIX"
x = datetime(2024, 5, 5, 12, tzinfo=Fixed())
print(x, x.tzname(), x == datetime(2024, 5, 5, 16, tzinfo=timezone.utc),
    hash(x) == hash(x.astimezone(timezone.utc)), hash(date(2024, 1, 1)) == hash(date(2024, 1, 1)))
import pickle, copy; print(pickle.loads(pickle.dumps(dt)) == dt, copy.copy(td) == td)
