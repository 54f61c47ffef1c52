from __future__ import annotations
from dataclasses import dataclass


class Expr:
    def __add__(self, o): return simplify(Add(self, wrap(o)))
    def __radd__(self, o): return simplify(Add(wrap(o), self))
    def __mul__(self, o): return simplify(Mul(self, wrap(o)))
    def __rmul__(self, o): return simplify(Mul(wrap(o), self))
    def __sub__(self, o): return self + wrap(o) * -1
    def __pow__(self, n): return simplify(Pow(self, n))


@dataclass(frozen=True)
class Num(Expr):
    value: float
    def __str__(self): return f"{self.value:g}"


@dataclass(frozen=True)
class Var(Expr):
    name: str
    def __str__(self): return self.name


@dataclass(frozen=True)
class Add(Expr):
    a: Expr
    b: Expr
    def __str__(self): return f"({self.a} + {self.b})"


@dataclass(frozen=True)
class Mul(Expr):
    a: Expr
    b: Expr
    def __str__(self): return f"{self.a}*{self.b}"


@dataclass(frozen=True)
class Pow(Expr):
    base: Expr
    n: int
    def __str__(self): return f"{self.base}^{self.n}"


def wrap(x): return x if isinstance(x, Expr) else Num(x)


def simplify(e):
    match e:
        case Add(Num(a), Num(b)): return Num(a + b)
        case Add(Num(0), x) | Add(x, Num(0)): return x
        case Add(a, b) if a == b: return Mul(Num(2), a)
        case Mul(Num(a), Num(b)): return Num(a * b)
        case Mul(Num(0), _) | Mul(_, Num(0)): return Num(0)
        case Mul(Num(1), x) | Mul(x, Num(1)): return x
        case Mul(Num(a), Mul(Num(b), x)): return simplify(Mul(Num(a * b), x))
        case Mul(x, Num() as n): return simplify(Mul(n, x))
        case Pow(_, 0): return Num(1)
        case Pow(x, 1): return x
        case _: return e


def d(e, x):
    match e:
        case Num(): return Num(0)
        case Var(name): return Num(int(name == x))
        case Add(a, b): return d(a, x) + d(b, x)
        case Mul(a, b): return d(a, x) * b + a * d(b, x)
        case Pow(base, n): return n * base ** (n - 1) * d(base, x)


def value(e, **names):
    match e:
        case Num(v): return v
        case Var(n): return names[n]
        case Add(a, b): return value(a, **names) + value(b, **names)
        case Mul(a, b): return value(a, **names) * value(b, **names)
        case Pow(b, n): return value(b, **names) ** n


x, y = Var("x"), Var("y")
for e in (3 * x ** 2 + 2 * x + 1, x * y + y ** 3, (x + 1) ** 3, x + x, x * 0 + 5, (x * x) * (x - 2)):
    print(e, "|", d(e, "x"), "|", d(d(e, "x"), "x"), "|", value(d(e, "x"), x=2, y=3))
print(repr(x + 1), hash(x + 1) == hash(Var("x") + 1), x + 1 == Add(x, Num(1)))
