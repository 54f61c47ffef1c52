"""cProfile: what is counted, for whom, and how it is shown."""

import _lsprof
import cProfile
import gc
import io
import pstats
import threading


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def numbers(n):
    for i in range(n):
        yield i


class Point:
    def __init__(self, x):
        self.x = x

    def move(self):
        self.x += 1


def fails():
    try:
        int("x")
    except ValueError:
        raise KeyError("x")


def work():
    items = [fib(5) for _ in range(3)]
    items.append(sum(numbers(4)))
    p = Point(len(items))
    p.move()
    try:
        fails()
    except KeyError:
        pass
    return sorted(items, key=lambda n: -n)


def name(code):
    return getattr(code, "co_qualname", code)


def show(profiler):
    for e in sorted(profiler.getstats(), key=lambda e: str(name(e.code))):
        callees = sorted((name(c.code), c.callcount, c.reccallcount) for c in e.calls or ())
        print(name(e.code), e.callcount, e.reccallcount, e.totaltime >= e.inlinetime >= 0, callees)


gc.collect()  # what is dead already calls nobody back later
profiler = cProfile.Profile()
profiler.enable()
work()
profiler.disable()
show(profiler)
profiler.clear()
print(profiler.getstats())

for subcalls, builtins in ((True, False), (False, True)):
    profiler = cProfile.Profile(subcalls=subcalls, builtins=builtins)
    profiler.runcall(work)
    print(subcalls, builtins)
    show(profiler)

ticks = iter(range(1000))
profiler = _lsprof.Profiler(lambda: next(ticks), 0.5)
profiler.enable()
fib(3)
profiler.disable()
show(profiler)
print(sorted((e.totaltime, e.inlinetime) for e in profiler.getstats())[-1])

out = io.StringIO()
profiler = cProfile.Profile()
profiler.run("fib(4)")
stats = pstats.Stats(profiler, stream=out).strip_dirs().sort_stats("name")
stats.print_stats("fib")
stats.print_callers("fib")
print([line.split()[0] for line in out.getvalue().splitlines() if "fib" in line and "(" in line])

other = cProfile.Profile()
profiler.enable()
try:
    other.enable()
except ValueError as e:
    print(e)
profiler.disable()
print(_lsprof.profiler_entry.__match_args__, _lsprof.profiler_subentry.n_fields)

with cProfile.Profile() as profiler:
    threads = [threading.Thread(target=fib, args=(6,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print([e.callcount for e in profiler.getstats() if name(e.code) == "fib"])

for call in (lambda: _lsprof.Profiler(1, 2, 3, 4, 5), lambda: _lsprof.Profiler(unknown=1), lambda: _lsprof.Profiler(timeunit="x")):
    try:
        call()
    except TypeError as e:
        print(e)
