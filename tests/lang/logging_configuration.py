import logging, logging.handlers, logging.config, io, sys
s = io.StringIO()
h = logging.StreamHandler(s)
h.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s:%(funcName)s"))
root = logging.getLogger()
root.addHandler(h)
root.setLevel(logging.INFO)
a, b = logging.getLogger("a"), logging.getLogger("a.b")
b.debug("no")
b.info("yes %d", 5)
a.warning("%s %s", "two", "args")
b.setLevel("DEBUG")
b.debug("now")
a.propagate = False
a.addHandler(logging.NullHandler())
b.error("lost")
a.propagate = True
a.log(25, "custom")
logging.addLevelName(25, "NOTICE")
a.log(25, "named")
try:
    1 / 0
except ZeroDivisionError:
    a.exception("failed")
print("\n".join(l for l in s.getvalue().splitlines() if "File" not in l))
class F(logging.Filter):
    def filter(self, r): r.extra = r.msg.upper(); return "skip" not in r.msg
h.addFilter(F())
h.setFormatter(logging.Formatter("{extra}|{levelno}", style="{"))
s.truncate(0)
s.seek(0)
a.error("keep")
a.error("skip me")
print(s.getvalue())
print(a, b.getEffectiveLevel(), b.isEnabledFor(10), logging.getLevelName(30),
    logging.getLevelNamesMapping()["NOTICE"], a.handlers, b.parent is a, root.name,
    logging.getLogger("a") is a, b.getChild("c").name, a.hasHandlers())
a.handlers.clear()
m = logging.handlers.MemoryHandler(10, target=h)
a.addHandler(m)
a.propagate = False
a.error("buffered")
print(s.getvalue().count("BUFFERED"))
m.flush()
print(s.getvalue().count("BUFFERED"))
ad = logging.LoggerAdapter(b, {"user": "bob"})
h.removeFilter(h.filters[0])
h.setFormatter(logging.Formatter("%(user)s %(message)s", defaults={"user": "?"}))
a.removeHandler(m)
a.propagate = True
s.truncate(0)
s.seek(0)
ad.info("adapted")
a.error("plain")
print(s.getvalue())
logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "formatters": {"f": {"format": "CFG %(message)s"}}, "handlers": {"c": {"class": "logging.StreamHandler", "formatter": "f", "stream": "ext://sys.stdout"}}, "loggers": {"cfg": {"handlers": ["c"], "level": "DEBUG", "propagate": False}}})
logging.getLogger("cfg").debug("via config")
logging.disable(logging.CRITICAL)
a.critical("off")
logging.disable(logging.NOTSET)
r = logging.makeLogRecord({"msg": "%s!", "args": ("hi",)})
print(r.getMessage(), r.levelname)
logging.raiseExceptions = False
a.error("bad %d", "x")
logging.captureWarnings(True)
import warnings
warnings.simplefilter("always")
s.truncate(0)
s.seek(0)
warnings.warn("cap")
print("UserWarning: cap" in s.getvalue())
try:
    logging.getLogger("x").setLevel("NOPE")
except ValueError as e:
    print(e)
