import functools
def trace(f):
    @functools.wraps(f)
    def wrapper(*a, **k):
        print("call", f.__name__, a, k)
        return f(*a, **k)
    return wrapper
def repeat(n):
    def deco(f):
        @functools.wraps(f)
        def w(*a): return [f(*a) for _ in range(n)]
        return w
    return deco
@trace
@repeat(2)
def square(x):
    "Doc."
    return x * x
print(square(3), square.__name__, square.__doc__, square.__wrapped__.__name__)
def register(cls):
    cls.registered = True
    return cls
@register
class R: pass
print(R.registered)
class CountCalls:
    def __init__(self, f): self.f, self.n = f, 0
    def __call__(self, *a): self.n += 1; return self.f(*a)
    def __get__(self, obj, owner): return functools.partial(self, obj)
class T:
    @CountCalls
    def m(self, x): return x + 1
    @property
    def p(self): return 5
    @(lambda f: staticmethod(f))
    def s(): return "static"
t = T(); print(t.m(1), t.m(2), T.__dict__["m"].n, t.p, t.s(), T.s())
order = []
def note(tag):
    order.append(f"make {tag}")
    def d(f): order.append(f"apply {tag}"); return f
    return d
@note("a")
@note("b")
def g(): pass
print(order)
@functools.lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), fib.cache_info())
@functools.singledispatch
def kind(x): return "object"
@kind.register
def _(x: int): return "int"
@kind.register(list)
def _(x): return "list"
print(kind(1), kind([]), kind("s"), kind(True), kind.dispatch(int)(0))
