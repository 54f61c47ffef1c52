class Typed:
    def __init__(self, kind): self.kind = kind
    def __set_name__(self, owner, name): self.name = name; print("set_name", owner.__name__, name)
    def __get__(self, obj, owner=None):
        return self if obj is None else obj.__dict__.get(self.name, f"no {self.name}")
    def __set__(self, obj, v):
        if not isinstance(v, self.kind):
            raise TypeError(f"{self.name} wants {self.kind.__name__}")
        obj.__dict__[self.name] = v
    def __delete__(self, obj): del obj.__dict__[self.name]
class P:
    age = Typed(int)
    name = Typed(str)
p = P()
print(p.age)
p.age = 5
print(p.age, p.__dict__, type(P.age).__name__)
try:
    p.age = "x"
except TypeError as e:
    print(e)
del p.age; print(p.age)
p.__dict__["age"] = "shadow"; print(p.age)
class NonData:
    def __get__(self, obj, owner): return "from descriptor"
class Q: x = NonData()
q = Q()
print(q.x)
q.__dict__["x"] = "from dict"
print(q.x, Q.x)
class ReadOnly:
    def __init__(self): self._v = 1
    v = property(lambda self: self._v)
    @property
    def w(self):
        "doc of w"
        return self._v * 2
    @w.setter
    def w(self, value): self._v = value // 2
    @w.deleter
    def w(self): self._v = 0
r = ReadOnly()
r.w = 10
print(r.v, r.w, ReadOnly.w.__doc__)
del r.w
print(r.w)
for code in ("r.v = 2", "del r.v"):
    try:
        exec(code)
    except AttributeError as e:
        print(e)
f = ReadOnly.w.fget
print(f.__name__, f(r), property().fget, type(ReadOnly.__dict__["w"]).__name__, ReadOnly.w.__name__)
def method(self): return self
print(method.__get__(5)(), method.__get__(5).__self__, method.__get__(None, int) is method,
    (5).__add__.__self__, str.upper.__get__("a")())
class Fails:
    @property
    def bad(self): return self.missing
    def __getattr__(self, n): return f"fallback {n}"
print(Fails().bad)


class Resetter:
    """Only takes values: reading goes to the instance's own, wherever it keeps it."""

    def __set__(self, instance, value):
        instance.__dict__["kept"] = value


class Holder:
    kept = Resetter()


def read(holder):
    return holder.kept if isinstance(holder.kept, int) else "the descriptor"


import copy
import pickle

first, second = Holder(), Holder()
first.kept = 1
for _ in range(4):
    print(read(first), read(second), [read(pickle.loads(pickle.dumps(first, p))) for p in range(6)], read(copy.copy(first)))
