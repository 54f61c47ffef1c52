import pickle, copy, io
class A:
    def __init__(self, x): self.x = x; self.me = self
class S:
    __slots__ = ("p", "q")
    def __getstate__(self): return (None, {"p": self.p})
class R:
    def __reduce__(self): return (build, (1, 2), {"k": 3})
    def __setstate__(self, st): self.st = st
def build(a, b):
    r = R()
    r.ab = (a, b)
    return r
class N:
    def __new__(cls, v, *, kw=0):
        o = super().__new__(cls)
        o.v, o.kw = v, kw
        return o
    def __getnewargs_ex__(self): return (self.v,), {"kw": self.kw}
class L(list): pass
data = [1, -5, 2**70, 1.5, 2j, "é", b"\0", None, True, (), (1,), [1, [2]], {"a": {1: 2}}, {1}, frozenset([2]),
    ..., range(3), slice(1, 2), len, int, A, build, NotImplemented, bytearray(b"x")]
for proto in range(6):
    out = pickle.loads(pickle.dumps(data, proto)); assert out == data, proto
    a = pickle.loads(pickle.dumps(A([1]), proto))
    print(proto, a.x, a.me is a, pickle.loads(pickle.dumps(R(), proto)).st,
        len(pickle.dumps([1, "a"], proto)))
print(pickle.dumps([1, "a", (2.5, None)], 0), pickle.dumps({"k": [True]}, 2))
n = pickle.loads(pickle.dumps(N(5, kw=6), 4))
print(n.v, n.kw)
l = L([1])
l.attr = "z"
l2 = pickle.loads(pickle.dumps(l))
print(l2, l2.attr, type(l2).__name__)
shared = [0]
x, y = pickle.loads(pickle.dumps((shared, shared)))
print(x is y)
rec = []
rec.append(rec)
r = pickle.loads(pickle.dumps(rec))
print(r[0] is r)
class P(pickle.Pickler):
    def persistent_id(self, o): return "PID" if o is len else None
class U(pickle.Unpickler):
    def persistent_load(self, pid): return f"loaded {pid}"
    def find_class(self, m, n):
        if n == "A": raise pickle.UnpicklingError("forbidden")
        return super().find_class(m, n)
f = io.BytesIO()
P(f).dump([len, 1])
f.seek(0)
print(U(f).load())
for bad in (lambda: pickle.dumps(lambda: 0), lambda: pickle.loads(b""),     lambda: U(io.BytesIO(pickle.dumps(A(1)))).load(), lambda: pickle.dumps((i for i in ())),
    lambda: pickle.dumps(1, 99)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__)
o = {"l": [1, {2}], "a": A(3)}
c, d = copy.copy(o), copy.deepcopy(o)
print(c["l"] is o["l"], d["l"] is o["l"], d["l"], d["a"].me is d["a"], copy.copy((1,)),
    copy.deepcopy(rec)[0] is not rec)
class D:
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep", isinstance(memo, dict)
print(copy.copy(D()), copy.deepcopy(D()), copy.deepcopy({D: 1}) == {D: 1})
