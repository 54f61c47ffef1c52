class S:
    __slots__ = ("a", "b")
    def __init__(self): self.a = 1
s = S(); print(s.a, hasattr(s, "b"), hasattr(s, "__dict__"), S.__slots__, type(S.a).__name__)
for code in ("s.c = 1", "s.b", "del s.b", "s.__weakref__"):
    try:
        exec(code)
    except AttributeError as e:
        print(e)
s.b = 2
del s.a
print(hasattr(s, "a"), s.b)
class D(S): pass
d = D()
d.z = 1
d.b = 5
print(d.__dict__, d.b)
class E(S): __slots__ = ["c", "__dict__"]
e = E()
e.c = 1
e.other = 2
print(e.c, e.__dict__)
class M: __slots__ = {"x": "doc of x"}
print(M.__slots__, M.x.__doc__)
class P: __slots__ = ("__private", "public")
print(sorted(n for n in dir(P) if "p" in n and not n.startswith("__")))
for code in ("class X:\n __slots__ = ('a',)\n a = 1", "class X(int):\n __slots__ = ('a',)",
    "class X:\n __slots__ = ('1a',)", "class X(S, P): pass", "class X:\n __slots__ = (1,)",
    "class X:\n __slots__ = ('__dict__', '__dict__')"):
    try:
        exec(code); print("fine")
    except (TypeError, ValueError) as err:
        print(err)
class T(tuple): __slots__ = ()
t = T((1, 2)); print(t, hasattr(t, "__dict__"))
import copy, pickle
s2 = copy.copy(s); print(s2.b, s2 is s)
s.a = [1]
s3 = copy.deepcopy(s)
print(s3.a, s3.a is s.a, pickle.loads(pickle.dumps(s)).b)
