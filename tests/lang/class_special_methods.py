class V:
    def __init__(self, *a): self.a = list(a)
    def __repr__(self): return f"V{tuple(self.a)}"
    def __eq__(self, o): return isinstance(o, V) and self.a == o.a
    def __hash__(self): return hash(tuple(self.a))
    def __lt__(self, o): return self.a < o.a
    def __add__(self, o):
        return V(*(x + y for x, y in zip(self.a, o.a))) if isinstance(o, V) else NotImplemented
    def __mul__(self, k): return V(*(x * k for x in self.a))
    __rmul__ = __mul__
    def __neg__(self): return V(*(-x for x in self.a))
    def __abs__(self): return sum(self.a)
    def __len__(self): return len(self.a)
    def __getitem__(self, i): return self.a[i]
    def __setitem__(self, i, v): self.a[i] = v
    def __delitem__(self, i): del self.a[i]
    def __contains__(self, x): return x in self.a
    def __iter__(self): return iter(self.a)
    def __call__(self, *a, **k): return a, k
    def __bool__(self): return any(self.a)
    def __index__(self): return self.a[0]
    def __round__(self, n=0): return f"round {n}"
    def __reversed__(self): return "rev"
    def __matmul__(self, o): return sum(x * y for x, y in zip(self, o))
    def __divmod__(self, o): return ("dm", o)
    def __pow__(self, o, m=None): return ("pow", o, m)
    def __rsub__(self, o): return ("rsub", o)
    def __format__(self, s): return f"fmt[{s}]"
    def __invert__(self): return "inv"
    def __trunc__(self): return 7
    def __floor__(self): return 8
    def __dir__(self): return ["z", "a"]
v, w = V(1, 2), V(3, 4)
print(v + w, v * 2, 3 * v, -v, abs(v), len(v), v[0], 2 in v, list(v), v(1, k=2), bool(V(0)), v == V(1, 2),
    v != w, v < w, w > v, sorted([w, v]))
print({v: "x"}[V(1, 2)], "abc"[v], round(v), round(v, 2), reversed(v), v @ w, divmod(v, 1), v ** 2,
    pow(v, 2, 3), 5 - v, f"{v:zz}", ~v, dir(v), hex(v))
v[0] = 9
del v[1]
print(v)
import math; print(math.trunc(v), math.floor(v))
for bad in ("v + 1", "1 + v", "v - 1", "v <= w", "v // 2", "v << 1", "int(v) and +v", "v.x", "v @ 5"):
    try:
        print(eval(bad))
    except (TypeError, AttributeError) as e:
        print(bad, "->", e)
class NoHash:
    def __eq__(self, o): return True
try:
    hash(NoHash())
except TypeError as e:
    print(e)
for name, ret in (("__len__", "x"), ("__hash__", "x"), ("__repr__", 5), ("__str__", None), ("__iter__", 3),
    ("__index__", 1.5), ("__contains__", []), ("__format__", 1), ("__bool__", 2), ("__bytes__", 1)):
    K = type("K", (), {name: lambda self, *a, ret=ret: ret})
    use = {"__len__": len, "__hash__": hash, "__repr__": repr, "__str__": str, "__iter__": iter,
        "__index__": lambda k: [1][k], "__contains__": lambda k: 1 in k, "__format__": format,
        "__bool__": bool, "__bytes__": bytes}[name]
    try:
        print(name, use(K()))
    except TypeError as e:
        print(name, "->", e)
