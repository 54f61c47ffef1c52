class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        ns["added"] = name.lower()
        return super().__new__(m, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw): print("init", name); super().__init__(name, bases, ns)
    def __call__(cls, *a): print("call", cls.__name__, a); return super().__call__(*a)
    @classmethod
    def __prepare__(m, name, bases, **kw): print("prepare", name, kw); return {"prepared": True}
    def __len__(cls): return 42
    def __getitem__(cls, k): return f"{cls.__name__}[{k}]"
    def __contains__(cls, x): return x == 1
    def __iter__(cls): return iter("xyz")
    def __instancecheck__(cls, o): return o == "magic"
    def __subclasscheck__(cls, c): return c is int
    @property
    def prop(cls): return "meta property"
    def __getattr__(cls, n): return f"meta getattr {n}"
    def __repr__(cls): return f"<{cls.__name__} by Meta>"
class A(metaclass=Meta, flag=1):
    x = 1
    def __init__(self, *a): self.a = a
class B(A): y = 2
a = A(1, 2)
print(a.a, A.added, B.added, A.prepared, len(A), A["k"], 1 in A, list(A), isinstance("magic", A),
    isinstance(a, A), issubclass(int, A), A.prop, A.nope, A, type(A).__name__)
class Other(type): pass
try:
    class C(A, metaclass=Other): pass
except TypeError as e:
    print(e)
def factory(name, bases, ns): return (name, bases, sorted(ns)[:2])
class F(metaclass=factory): q = 1
print(F)
T = type("T", (), {"f": lambda self: 5}); print(T().f(), T.__name__, T.__module__)
class Reg:
    seen = []
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Reg.seen.append((cls.__name__, tag))
class R1(Reg, tag="one"): pass
class R2(R1): pass
print(Reg.seen)
try:
    class Bad(object, unknown=1): pass
except TypeError as e:
    print(e)
class G:
    def __class_getitem__(cls, item): return (cls.__name__, item)
print(G[int, str])
class M:
    def __mro_entries__(self, bases): return (dict,)
class N(M()): pass
print(N.__bases__, N.__orig_bases__[0].__class__.__name__)
import abc
class Abs(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
    @property
    @abc.abstractmethod
    def g(self): ...
for K in (Abs, type("Half", (Abs,), {"f": 1})):
    try:
        K()
    except TypeError as e:
        print(e)
@Abs.register
class V: pass
print(issubclass(V, Abs), isinstance(V(), Abs))


class Looking(type):
    """Looks at the class whose order is not known yet."""

    def __new__(meta, name, bases, namespace):
        meta.seen = 0
        return super().__new__(meta, name, bases, namespace)

    def mro(cls):
        cls.seen += 1
        return [*type.mro(cls)]


for number in range(20):
    made = Looking(f"Made{number}", (), {"value": number})
print(made.value, made.seen, Looking.seen, made.__mro__)
