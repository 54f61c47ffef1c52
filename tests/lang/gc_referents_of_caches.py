"""gc.get_referents and get_referrers look through long chains inside caches and containers."""
import functools
import gc


@functools.lru_cache(maxsize=None)
def unbounded(x):
    return x


@functools.lru_cache(maxsize=100_000)
def bounded(x):
    return [x]


for i in range(60_000):
    unbounded(i)
    bounded(i)
print(len(gc.get_referrers(bounded(5))) >= 1)
print(bounded.__wrapped__ in gc.get_referents(bounded))
nested = {"k": [1, (2, "deep")]}
print(nested["k"] in gc.get_referents(nested))
