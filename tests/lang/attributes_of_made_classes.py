from enum import Enum, IntEnum
from dataclasses import dataclass, field
import abc
class M(type):
    @property
    def prop(cls): return 'meta prop'
    def meth(cls): return 'meta meth'
    def __getattr__(cls, n):
        if n.startswith('dyn'): return n
        raise AttributeError(n)
class C(metaclass=M):
    a = 1
    prop2 = 5
    @classmethod
    def cm(cls): return cls.__name__
    @staticmethod
    def sm(): return 's'
class D(C): pass
class E(Enum):
    X = 1
    Y = 2
    def f(self): return self.value
def look(c):
    return (c.a, c.cm(), c.sm(), c.prop2)
for i in range(20):
    r = [look(C), look(D), E.X, E.Y.f(), C.prop, D.meth(), C.dyn1]
print(r)
M.a = property(lambda cls: 'shadow')
print(look(C), look(D))
for i in range(20): r = look(C)
print(r)
del M.a
print(look(C))
M.cm = 7
print(look(C))
class Data:
    def __get__(s, o, t): return 'data'
    def __set__(s, o, v): pass
M.sm = Data()
try: print(look(C))
except TypeError as e: print(e)
del M.sm
for i in range(10): r = look(D)
D.a = 9
print(look(D), look(C))
class M2(M):
    def __getattribute__(cls, n): return 'got ' + n
def la(c): return c.a
for i in range(10): la(C), la(D)
D.__class__ = M2
print(la(D), la(C))
M.__getattribute__ = lambda c, n: 'all ' + n
print(la(C))
del M.__getattribute__
print(la(C))
class N(M): pass
class P(metaclass=N): q = 1
def lq(c): return c.q
for i in range(10): lq(P)
M.q = property(lambda c: 'base of meta')
print(lq(P))
@dataclass
class T:
    number: int
    kind: str
    account: str
    amount: int = 3
    other: str | None = None
    tags: dict = field(default_factory=dict)
    more: int = 5
for i in range(50):
    t = T(i, 'k', 'a', i)
    t.amount += 1
    t.more = i
    s = t.number, t.kind, t.account, t.amount, t.other, t.tags, t.more
print(s, t, t == T(49, 'k', 'a', 50, more=49), vars(t))
T.other = 'class'
del t.__dict__['other']
print(t.other)
@dataclass(slots=True, frozen=True, order=True)
class S:
    x: int = 1
    y: int = 2
print(S(1), sorted([S(3), S(2, 1)]), S() < S(2))
class Base(abc.ABC):
    limit = 3
    @abc.abstractmethod
    def f(self): ...
class Impl(Base):
    def f(self): return self.limit + Impl.limit + Base.limit
for i in range(10): r = Impl().f()
Base.limit = 10
print(r, Impl().f())
