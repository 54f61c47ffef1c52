"""What Krait is, in one screen: run it with `make run` or `build/krait examples/tour.py`."""

import gc
import os
import sys
import threading
import time
from dataclasses import dataclass


def title(text):
    print(f"\n-- {text} " + "-" * (66 - len(text)))


def count_primes(low, high):
    return sum(all(n % d for d in range(2, int(n ** 0.5) + 1)) for n in range(low, high))


def threads_run_in_parallel(jobs):
    """The same work on one thread and on several: without a global lock the second is the faster."""
    results = {}
    started = time.perf_counter()
    for low, high in jobs:
        results[low] = count_primes(low, high)
    alone = time.perf_counter() - started
    started = time.perf_counter()
    threads = [threading.Thread(target=lambda j=job: results.__setitem__(j[0], count_primes(*j))) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = time.perf_counter() - started
    print(f"{sum(results.values())} primes; one thread {alone:.2f} s, {len(jobs)} threads {together:.2f} s"
          f" on {os.cpu_count()} cores")


@dataclass
class Circle:
    radius: float


@dataclass
class Box:
    width: float
    height: float


def area(shape):
    match shape:
        case Circle(r):
            return 3.14159 * r * r
        case Box(w, h) if w == h:
            return f"a square of {w * h}"
        case Box(width=w, height=h):
            return w * h
        case [first, *rest]:
            return [area(first), *map(area, rest)]


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


print(f"{sys.implementation.name} runs Python {sys.version.split()[0]}: {sys.platform}, {sys.byteorder}-endian")

title("threads without a global lock")
threads_run_in_parallel([(2, 40_000), (40_000, 60_000)])

title("the language, all of it")
print(area([Circle(1), Box(2, 3), Box(2, 2)]))
f = fibonacci()
print([next(f) for _ in range(12)], "...", next(n for n in f if n > 10**30))
name = "<b>Ann</b>"
print("".join(p if isinstance(p, str) else p.value.replace("<", "&lt;") for p in t"Hello {name}!"))
try:
    raise ExceptionGroup("two at once", [ValueError("bad value"), OSError("no disk")])
except* ValueError as group:
    print("handled", group.exceptions)
except* OSError as group:
    print("handled", group.exceptions)

title("errors that help")
try:
    [1, 2].apend(3)
except AttributeError as error:
    import traceback
    print(*traceback.format_exception(error), sep="", end="")

title("memory is reclaimed by tracing, cycles included")
started = time.perf_counter()
for _ in range(300_000):
    cycle = []
    cycle.append(cycle)
gc.collect()
print(f"300,000 cycles made and reclaimed in {time.perf_counter() - started:.2f} s")
