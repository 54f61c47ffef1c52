"""syslog: masks, constants and errors; messages go nowhere that a test could look at."""

import syslog

print({name: getattr(syslog, name) for name in dir(syslog) if name.startswith("LOG_") and name not in ("LOG_MASK", "LOG_UPTO")})
print(syslog.LOG_MASK(syslog.LOG_ERR), syslog.LOG_UPTO(syslog.LOG_ERR))
print(syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_ERR)), syslog.setlogmask(0), syslog.setlogmask(255))
print(syslog.openlog("test", syslog.LOG_PID, syslog.LOG_USER), syslog.syslog("one"), syslog.syslog(syslog.LOG_DEBUG, "two"), syslog.closelog())
print(syslog.openlog(), syslog.openlog(ident="x", logoption=1, facility=8), syslog.closelog(), syslog.closelog(), syslog.syslog("opens again"))
for call in (lambda: syslog.syslog(), lambda: syslog.syslog(1, 2), lambda: syslog.syslog(b"x"), lambda: syslog.syslog("a", "b"),
             lambda: syslog.syslog("a\0b"), lambda: syslog.openlog(1), lambda: syslog.openlog("a", "b"), lambda: syslog.LOG_MASK("x")):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
