"""Exact arithmetic: fractions (harmonic sums, continued fractions, Bernoulli numbers) and decimals (pi, interest)."""
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
import math


def bernoulli(n):
    numbers = []
    for m in range(n + 1):
        b = Fraction(int(m == 0)) - sum((math.comb(m, k) * numbers[k] / (m - k + 1) for k in range(m)), Fraction(0))
        numbers.append(b)
    return numbers


def convergent(x, terms):
    parts = []
    for _ in range(terms):
        whole = math.floor(x)
        parts.append(whole)
        if x == whole:
            break
        x = 1 / (x - whole)
    result = Fraction(parts[-1])
    for part in reversed(parts[:-1]):
        result = part + 1 / result
    return result


def pi(digits):
    with localcontext() as context:
        context.prec = digits + 2
        three = Decimal(3)
        last, t, s, n, na, d, da = 0, three, 3, 1, 0, 0, 24
        while s != last:
            last = s
            n, na = n + na, na + 8
            d, da = d + da, da + 32
            t = t * n / d
            s += t
        context.prec = digits
        return +s


def savings(months):
    cent, balance = Decimal("0.01"), Decimal("0.00")
    for month in range(months):
        balance += Decimal("125.50") + month % 7
        balance += (balance * Decimal("0.0325") / 12).quantize(cent, ROUND_HALF_UP)
    return balance


def main():
    print(sum(Fraction(1, n) for n in range(1, 500)).denominator % 10**9)
    print(bernoulli(70)[-1], convergent(Fraction(math.pi), 6))
    print(sum((Fraction(n, n + 3) * Fraction(2, n) for n in range(1, 300)), Fraction(0)).limit_denominator(10**6))
    print(pi(1200))
    print([savings(6000) for _ in range(12)][-1])
    print(sum(Decimal(n).sqrt() for n in range(1, 9000)), max(Decimal(n) / 7 for n in range(20_000)))


if __name__ == "__main__":
    main()
