"""Referents of an object whose inner parts form a ring, or a long chain."""
import functools
import gc


@functools.lru_cache(maxsize=100000)
def double(x):
    return [x]


for i in range(50000):
    double(i)
found = gc.get_referents(double)
kept = double(7)
print(any(r is kept for r in found) or any(r is kept for d in found if isinstance(d, dict) for r in d.values()) or len(found) > 0)
print(isinstance(gc.get_referrers(kept), list))
