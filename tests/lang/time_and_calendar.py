import calendar, time, datetime, os

os.environ["TZ"] = "UTC"
time.tzset()
t = time.gmtime(1_700_000_000)
print(t, t.tm_year, t[:3], time.strftime("%Y-%m-%d %H:%M:%S %j %a %b %U %w %y %%", t), calendar.timegm(t),
    time.asctime(t), time.ctime(0), time.mktime(t), time.strptime("30 Nov 00", "%d %b %y")[:6],
    time.localtime(0).tm_zone, time.tzname, time.timezone)
print(calendar.month(2024, 2), calendar.isleap(1900), calendar.leapdays(2000, 2024),
    calendar.monthrange(2023, 2), calendar.weekday(2024, 1, 1),
    calendar.TextCalendar(calendar.SUNDAY).formatmonth(2024, 9), calendar.monthcalendar(2024, 2)[0],
    calendar.day_name[0], list(calendar.month_abbr)[:3], calendar.JANUARY)
a = time.perf_counter()
time.sleep(0.01)
b = time.perf_counter()
print(b - a >= 0.009, time.monotonic() > 0, time.time() > 1.6e9, time.time_ns() > 10**18,
    time.process_time() >= 0, time.get_clock_info("monotonic").monotonic, time.thread_time_ns() >= 0,
    time.clock_gettime(time.CLOCK_REALTIME) > 0)
for f in (lambda: time.sleep(-1), lambda: time.strptime("x", "%Y"), lambda: time.gmtime(1e20),
    lambda: time.mktime((1,)), lambda: time.strftime("%Y", (2024, 13, 1, 0, 0, 0, 0, 1, 0)),
    lambda: calendar.monthrange(2024, 13), lambda: time.asctime(5), lambda: calendar.weekday(2024, 2, 30),
    lambda: time.struct_time((1, 2))):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
os.environ["TZ"] = "EST5EDT,M3.2.0,M11.1.0"; time.tzset()
print(time.localtime(1_720_000_000).tm_hour, time.localtime(1_720_000_000).tm_isdst, time.tzname,
    time.altzone, datetime.datetime.fromtimestamp(1_720_000_000).isoformat(),
    datetime.datetime(2024, 7, 3).astimezone().utcoffset(),
    time.strftime("%Z %z", time.localtime(1_700_000_000)))
print(list(calendar.Calendar().itermonthdays2(2024, 2))[:4], calendar.HTMLCalendar().formatday(5, 1),
    [d.isoformat() for d in calendar.Calendar(6).itermonthdates(2024, 3)][:2])
