"""Big integers: digits of pi by a spigot, of e by a series, factorials, a Fibonacci number, text of long numbers."""
import math


def pi_digits(count):
    digits = []
    q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
    while len(digits) < count:
        if 4 * q + r - t < n * t:
            digits.append(n)
            q, r, n = q * 10, 10 * (r - n * t), (10 * (3 * q + r)) // t - 10 * n
        else:
            q, r, t, k, n, l = q * k, (2 * q + r) * l, t * l, k + 1, (q * (7 * k + 2) + r * l) // (t * l), l + 2
    return "".join(map(str, digits))


def e_digits(count):
    unit = 10 ** (count + 10)
    total = term = unit
    n = 1
    while term:
        term //= n
        total += term
        n += 1
    return str(total // 10 ** 10)


def fibonacci(n):
    a, b = 0, 1
    for bit in bin(n)[2:]:
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def main():
    print(pi_digits(1500)[-60:])
    print(e_digits(4200)[-60:])
    print(str(math.factorial(1400))[:50], len(str(fibonacci(18_000))))
    total = 1
    for n in range(1, 9000):
        total = total * (n | 1) % (1 << 521) ^ (total >> 17)
    print(hex(total)[:40], total.bit_length())
    print(int("7" * 4200) % (10 ** 9 + 7), math.isqrt(3 ** 2000) % 10 ** 12)


if __name__ == "__main__":
    main()
