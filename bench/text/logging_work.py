"""logging: a tree of loggers with levels, filters, formatters, handlers to memory, lazy arguments and exceptions."""
import io
import logging


class Redact(logging.Filter):
    def filter(self, record):
        record.msg = record.msg.replace("secret", "***")
        return record.levelno != logging.INFO or "skip" not in record.msg


class Counting(logging.Handler):
    def __init__(self):
        super().__init__()
        self.counts = {}

    def emit(self, record):
        self.counts[record.name, record.levelname] = self.counts.get((record.name, record.levelname), 0) + 1


def main():
    out, counting = io.StringIO(), Counting()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)-8s %(name)s:%(funcName)s %(message)s"))
    handler.addFilter(Redact())
    root = logging.getLogger("bench")
    root.handlers[:] = [handler, counting]
    root.setLevel(logging.INFO)
    root.propagate = False
    loggers = [logging.getLogger(f"bench.{name}") for name in ("net", "net.http", "db")]
    loggers[2].setLevel(logging.WARNING)
    for n in range(6000):
        log = loggers[n % 3]
        log.debug("never shown %d", n)
        log.info("request %d took %.2f ms%s", n, n / 7, " skip" if n % 11 == 0 else "")
        if n % 4 == 0:
            log.warning("user %(user)s has a secret", {"user": f"u{n % 9}"})
        if n % 50 == 0:
            try:
                n / 0
            except ZeroDivisionError:
                log.exception("failed at %d", n)
    for n in range(60_000):
        loggers[0].debug("cheap %d", n)
    text = out.getvalue()
    print(len(text.splitlines()), sorted(counting.counts.items()))
    print(text.splitlines()[0], text.count("***"), text.count("ZeroDivisionError"), loggers[1].isEnabledFor(logging.DEBUG))


if __name__ == "__main__":
    main()
