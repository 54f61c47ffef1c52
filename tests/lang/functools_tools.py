import functools
from functools import *
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(max, [], 7), partial(int, base=2)("101"),
    partial(print, 1, sep="-").args, partial(pow, Placeholder, 2)(5), partial(partial(pow, 2), 3)())
@total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
print(V(1) <= V(1), V(2) > V(1), V(1) >= V(2))
calls = []
@lru_cache(maxsize=2)
def f(x, *, k=0): calls.append(x); return x * 2
f(1)
f(2)
f(1)
f(3)
f(2)
f(1, k=1)
print(calls, f.cache_info(), f.cache_parameters())
f.cache_clear()
print(f.cache_info(), f.__wrapped__(9))
class C:
    @cached_property
    def slow(self): calls.append("slow"); return 42
    @singledispatchmethod
    def d(self, x): return "any"
    @d.register
    def _(self, x: int | float): return "number"
    @partialmethod
    def pm(self): return self
    def add(self, a, b): return a + b
    inc = partialmethod(add, 1)
c = C()
print(c.slow, c.slow, calls.count("slow"), c.__dict__, c.d(1.5), c.d("s"), c.inc(5))
del c.slow
print(c.slow)
def w(): "wdoc"
def g(): "gdoc"
update_wrapper(g, w); print(g.__name__, g.__doc__, g.__wrapped__ is w)
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)), cache(lambda: 5)(),
    repr(partial(len)).split("(")[0])
for code in ("reduce(max, [])", "f([])", "partial()", "partial(5)", "singledispatch(5).register(1)",
    "lru_cache('x')", "cmp_to_key()"):
    try:
        print(code, eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
