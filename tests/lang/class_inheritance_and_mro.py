class A:
    def f(self): return ["A"]
class B(A):
    def f(self): return ["B"] + super().f()
class C(A):
    def f(self): return ["C"] + super().f()
class D(B, C):
    def f(self): return ["D"] + super().f()
print(D().f(), [k.__name__ for k in D.__mro__], D.mro() == list(D.__mro__))
print(issubclass(D, A), issubclass(D, (int, C)), isinstance(D(), B), isinstance(1, int | str),
    A.__subclasses__() == [B, C])
class X(A): pass
class Y(A): pass
class P(X, Y): pass
class Q(Y, X): pass
for bases in ((P, Q), (A, X), (X, X), (int, str), (bool,)):
    try:
        type("Z", bases, {})
    except TypeError as e:
        print(str(e).replace("\n", " "))
class Mixin:
    def describe(self): return f"{self.name} is {self.__class__.__name__}"
class Named:
    def __init__(self, name, **kw): super().__init__(**kw); self.name = name
class Aged:
    def __init__(self, age, **kw): super().__init__(**kw); self.age = age
class Person(Named, Aged, Mixin): pass
p = Person(name="Ann", age=5); print(p.describe(), p.age)
class S(A):
    def g(self):
        return super(S, self).f(), super().f.__self__ is self
    @classmethod
    def make(cls): return super().__new__(cls)
print(S().g(), type(S.make()).__name__)
try:
    class T(A):
        def h(self): return super().nope
    T().h()
except AttributeError as e:
    print(e)
def free():
    super()
try:
    free()
except RuntimeError as e:
    print(e)
S.__bases__ = (B,); print([k.__name__ for k in S.__mro__], S().f())
x = X()
x.__class__ = Y
print(type(x).__name__)
try:
    x.__class__ = int
except TypeError as e:
    print(e)
