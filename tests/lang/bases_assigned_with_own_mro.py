# Assigning __bases__ asks metaclasses for the order, undoes everything if one fails, and moves the class in __subclasses__().
class A: pass
class B: pass
class C(A): pass
C.__bases__ = (B,)
print(A.__subclasses__(), B.__subclasses__(), C.__mro__)
C.__bases__ = (B, A)
C.__bases__ += ()
print(A.__subclasses__(), B.__subclasses__())

class WorksOnce(type):
    def __init__(cls, *args):
        super().__init__(*args)
        cls.asked = 0
    def mro(cls):
        asked = cls.__dict__.get("asked", -1) + 1
        if asked:
            raise RuntimeError("asked again")
        return type.mro(cls)

class D1: pass
class D2: pass
class D(D1): pass
class E(D): pass
class F(D, metaclass=WorksOnce): pass
before = D.__mro__, E.__mro__
try:
    D.__bases__ = (D2,)
except RuntimeError as e:
    print(e, (D.__mro__, E.__mro__) == before, D.__bases__, D2.__subclasses__(), D1.__subclasses__())

# an mro() that assigns bases itself
class M(type):
    ready = False
    def mro(cls):
        if M.ready and cls.__name__ == "I":
            M.ready = False
            I.__bases__ = (H2,)
        return type.mro(cls)

class G(metaclass=M): pass
class H1(G): pass
class H2(G): pass
class I(G): pass
M.ready = True
I.__bases__ = (H1,)
print(I.__bases__, I.__mro__ == tuple(type.mro(I)), H2.__subclasses__(), H1.__subclasses__())
H1.__bases__ = (I,)
print(H1.__bases__, I.__subclasses__())

class N(type):
    ready = False
    def mro(cls):
        if N.ready and cls.__name__ == "K1":
            K2.__bases__ = (K1,)
        if N.ready and cls.__name__ == "K2":
            K1.__bases__ = (K2,)
        return type.mro(cls)

class J(metaclass=N): pass
class K1(J): pass
class K2(J): pass
N.ready = True
try:
    K1.__bases__ += ()
except TypeError as e:
    print(e)

# instances change their class only between like layouts
class P:
    __slots__ = ["c", "b"]
class Q(P):
    __slots__ = ["__weakref__"]
for old, new in ((P, Q), (Q, P)):
    try:
        old().__class__ = new
    except TypeError as e:
        print(e)

# a name of the compiler's own among the slots
class Meta(type):
    def __new__(cls, name, bases, namespace):
        return super().__new__(cls, name, bases, namespace)
class R(A, metaclass=Meta):
    __slots__ = ["__classcell__"]
    def __init__(self): super().__init__()
r = R()
r.__classcell__ = 42
print(r.__classcell__)
class S:
    __classdict__: int
print(S.__annotations__)

# the descriptor of instances' __dict__ leaves classes alone
class Base: pass
class Meta1(type, Base): pass
class T(metaclass=Meta1): pass
try:
    Base.__dict__["__dict__"].__set__(T, {})
except (TypeError, AttributeError) as e:
    print("refused")
print(T.__dict__["__module__"])

class Entry:
    def __mro_entries__(self, bases): return ()
class Strange(type): pass
class Strange2(type): pass
class WithMeta(metaclass=Strange): pass
try:
    type("U", (WithMeta, Entry()), {})
except TypeError as e:
    print(e)
