"""A signal ends loops in native code over endless iterators.

CPython looks for signals in Python code only, so there the iterators end and a loop in Python waits for the signal.
"""
import collections
import functools
import itertools
import signal
import sys

endless = itertools.repeat if sys.implementation.name == "krait" else lambda x: iter(())


def interrupt(number, frame):
    raise KeyboardInterrupt


signal.signal(signal.SIGALRM, interrupt)
LOOPS = {
    "sum": lambda: sum(endless(1)),
    "max": lambda: max(endless(1), default=0),
    "all": lambda: all(endless(1)),
    "any": lambda: any(endless(0)),
    "in": lambda: 2 in endless(1),
    "deque": lambda: collections.deque(endless(1), 0),
    "filter": lambda: next(filter(None, endless(0)), 0),
    "filterfalse": lambda: next(itertools.filterfalse(None, endless(1)), 0),
    "dropwhile": lambda: next(itertools.dropwhile(bool, endless(1)), 0),
    "islice": lambda: next(itertools.islice(endless(1), 10**12, None), 0),
    "compress": lambda: next(itertools.compress(endless(1), endless(0)), 0),
    "groupby": lambda: list(itertools.groupby(endless(1))),
    "chain": lambda: next(itertools.chain.from_iterable(endless(())), 0),
    "zip": lambda: collections.deque(zip(endless(1), endless(2)), 0),
    "reduce": lambda: functools.reduce(lambda a, b: b, endless(1), 0),
    "set": lambda: set(endless(1)),
    "frozenset": lambda: frozenset(endless(1)),
    "dict": lambda: dict.fromkeys(endless(1)),
    "update": lambda: set().update(endless(1)),
    "Counter": lambda: collections.Counter(endless(1)),
    "unpack": lambda: {*endless(1)},
}
for name, loop in LOOPS.items():
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        loop()
        while True:
            pass
    except KeyboardInterrupt:
        print(name, "interrupted")
