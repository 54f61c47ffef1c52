"""Arithmetic, comparison, hash and conversions of Decimal among themselves and with other numbers."""
from decimal import Decimal
from fractions import Fraction
import math
import operator


def show(what, *args):
    try:
        print(repr(what(*args)))
    except Exception as error:
        print(type(error).__name__, error)


numbers = [Decimal("7.5"), Decimal("-2"), Decimal("0"), Decimal("-0.00"), Decimal("1e30"), Decimal("NaN"), Decimal("Infinity"), 3, -10**25]
for function in (operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, divmod, pow):
    for a in numbers:
        for b in numbers:
            if isinstance(a, Decimal) or isinstance(b, Decimal):
                show(function, a, b)
for a in numbers[:7]:
    for function in (operator.neg, operator.pos, abs, bool, int, float, complex, round, math.floor, math.ceil, math.trunc,
                     Decimal.as_tuple, Decimal.as_integer_ratio, str, hash if not a.is_nan() else str):
        show(function, a)
    show(round, a, 1)
    show(round, a, -1)
show(round, Decimal(1), "x")
show(pow, Decimal(3), 4, 7)
show(pow, 3, Decimal(4), 7)
show(pow, Decimal(3), 4, "x")

others = [1, 1.5, Fraction(3, 2), 1.5 + 0j, 1j, "1.5", None, Decimal("1.5"), Decimal("NaN"), Decimal("sNaN"), float("nan"), 10**400]
for a in (Decimal("1.50"), Decimal("Infinity"), Decimal("NaN")):
    for b in others:
        for function in (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge):
            show(function, a, b)
            show(function, b, a)
for function in (operator.add, operator.mul, operator.truediv):
    for b in (1.5, Fraction(1, 2), "x", None):
        show(function, Decimal(1), b)
        show(function, b, Decimal(1))

for text in ("1", "-1", "0.5", "1e100", "12345678901234567890.25", "-7e-30", "Infinity", "2305843009213693951", "1e2000"):
    print(hash(Decimal(text)))
print(hash(Decimal("0.5")) == hash(0.5) == hash(Fraction(1, 2)), hash(Decimal(10**50)) == hash(10**50))
show(hash, Decimal("sNaN"))
print(int(Decimal("123456789e30")), Decimal("0.375").as_integer_ratio(), Decimal("1.25e-3").as_integer_ratio(), Decimal("4e3").as_integer_ratio())
print(max(Decimal(1), 2, 0.5), sum([Decimal("0.1")] * 10), sorted([Decimal(2), 1, Fraction(1, 3)]))
