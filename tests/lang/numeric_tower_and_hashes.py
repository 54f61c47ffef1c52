import math
from decimal import Decimal
from fractions import Fraction
import numbers

groups = [(1, 1.0, True, Fraction(1), Decimal(1), 1 + 0j), (0.5, Fraction(1, 2), Decimal("0.5"), 0.5 + 0j),
          (2**70, float(2**70), Fraction(2**70), Decimal(2**70)), (-1, -1.0, Fraction(-1)), (0, 0.0, -0.0, False, 0j)]
for group in groups:
    print(len(set(map(hash, group))), len(set(group)), [a == b for a in group for b in group].count(False))
print(hash(float("inf")), hash(float("-inf")), hash(2**61 - 1), hash(2**61), hash(-2**61), hash(1e300),
    hash(0.1), hash(Fraction(1, 3)), hash(1j), hash(Decimal("1e100")))
print(hash(2**100), hash(-2**100), hash(10**50), hash(-1), hash(-1.0), hash(3.5), hash(1 + 2j),
    hash(Fraction(-7, 2)))
mixed = [3, 2.5, True, Fraction(1, 3), -1, 0.25, 10**20, 1e19]
print(sorted(mixed), max(mixed), min(mixed), sum(mixed[:4]))
print(1 + 1.0, 1 + True, 1.5 + Fraction(1, 2), Fraction(1, 2) + 1, 2 ** Fraction(1, 2), 1j + 1, 1j * 2.0,
    Decimal(1) + 1, 3 // 2.0, 3.0 % 2, -3 // 2.0, 2 ** 0.5, 4 ** -1, 0 ** 0, 0.0 ** 0)
for a, op, b in ((1, "+", "1"), (1.5, "-", None), (1j, "<", 1), (Decimal(1), "+", 1.5),
    (Fraction(1), "+", Decimal(1)), (1, "%", 0), (1.0, "//", 0), (1j, "//", 1j), (2, "<<", 1.0), (1, "@", 2)):
    try:
        print(eval(f"a {op} b"))
    except Exception as e:
        print(type(e).__name__, str(e).replace("decimal.Decimal", "Decimal"))
for n in (5, 2.5, True, 1j, Fraction(1), Decimal(1)):
    print(type(n).__name__,
        [c.__name__ for c in (numbers.Number, numbers.Complex, numbers.Real, numbers.Rational, numbers.Integral) if isinstance(n, c)])
big = 3**500
print(big % 10**9, big.bit_length(), len(str(big)), math.log10(big), big // 3**498, divmod(-big, 10**5)[1],
    float(big) == 3.0**500, int(float(2**80)), (big >> 700) & 0xffff, big * -big // big == -big)
print(int("9" * 50) * int("8" * 40), (10**40 + 1) // (10**20 - 1), pow(7, 10**18, 10**9 + 7),
    math.gcd(2**200 * 3, 2**150 * 5) == 2**150, (-7).__floordiv__(2), (7).__rmod__(30),
    int.__pow__(2, 10, 1000), round(12345678901234567890, -5), (10**30).__round__(-29), 5 .__rpow__(2))
