class A:
    def who(self): return "A"
    @classmethod
    def make(cls): return cls.__name__
    @staticmethod
    def fixed(): return __class__.__name__
    def cell(self): return __class__
    def nested(self):
        return [__class__.__name__ for _ in range(2)], (lambda s: super().__repr__())(self) is not None


class B(A):
    def who(self): return "B" + super().who()
    @classmethod
    def make(cls): return "B." + super().make()
    def comp(self): return [super(B, self).who() for _ in range(1)], {super().who() for _ in "a"}
    def later(self):
        def inner(): return super(B, self).who()
        return inner()
    @property
    def prop(self): return super().who() + "!"
    attr = property(lambda self: super().who())


b = B()
print(b.who(), B.make(), A.fixed(), b.cell(), b.nested(), b.later(), b.prop, b.attr)
try:
    print(b.comp())
except TypeError as e:
    print(e)
s = super(B, b)
print(s.who(), s.__thisclass__, s.__self__ is b, s.__self_class__, super(B, B).make(), repr(s)[:20])
for code in ("super(A, 5).who", "super(5).x", "super(B, A())", "super(A, b).nope", "super(B).who"):
    try:
        print(code, eval(code))
    except (TypeError, AttributeError) as e:
        print(code, "->", e)


class M(type):
    def __new__(m, name, bases, ns):
        cell = ns.get("__classcell__")
        print(name, cell is not None)
        return super().__new__(m, name, bases, ns)


class C(metaclass=M):
    def f(self): return __class__
    def g(self, x): x = self; return super().__eq__(x)


class D(metaclass=M): pass


print(C().f(), C().g(5))
try:
    class Bad(metaclass=lambda n, b, ns: type(n, b, {k: v for k, v in ns.items() if k != "__classcell__"})):
        def f(self): return __class__
except RuntimeError as e:
    print(e)


def f(self): return super().who()
def g(): return super()
B.f, B.g = f, g
for call in (b.f, B.g):
    try:
        call()
    except RuntimeError as e:
        print(e)


class Base:
    def __init_subclass__(cls, **kw): print("sub", cls.__name__, kw)
    def __set_name__(self, owner, name): print("named", name, owner.__name__)


class Sub(Base, k=1):
    x = Base()
    y = Base()


Sub.z = Base()
print(type.__call__(Sub) is not None, Sub.__init__ is object.__init__)
