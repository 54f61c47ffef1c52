"""Number theory: Miller-Rabin, Pollard's rho, gcd and inverses, totients, perfect numbers, an RSA round trip."""
import math


def is_prime(n):
    if n < 2:
        return False
    for p in (2, 3, 5, 7, 11, 13):
        if n % p == 0:
            return n == p
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    for base in (2, 3, 5, 7, 11, 13):
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def rho(n):
    if n % 2 == 0:
        return 2
    c = 1
    while True:
        x = y = 2
        d = 1
        while d == 1:
            x = (x * x + c) % n
            y = (y * y + c) % n
            y = (y * y + c) % n
            d = math.gcd(abs(x - y), n)
        if d != n:
            return d
        c += 1


def factor(n):
    if n == 1:
        return []
    if is_prime(n):
        return [n]
    d = rho(n)
    return sorted(factor(d) + factor(n // d))


def totients(limit):
    phi = list(range(limit))
    for p in range(2, limit):
        if phi[p] == p:
            for multiple in range(p, limit, p):
                phi[multiple] -= phi[multiple] // p
    return phi


def euclid(a, b):
    if b == 0:
        return a, 1, 0
    g, x, y = euclid(b, a % b)
    return g, y, x - a // b * y


def main():
    print(sum(map(is_prime, range(1, 40_000, 2))), [n for n in range(10**15, 10**15 + 200) if is_prime(n)])
    print([factor(n) for n in range(10**11 + 3, 10**11 + 15)])
    phi = totients(100_000)
    print(sum(phi), max(phi))
    print([n for n in range(2, 3000) if n == sum(d for d in range(1, n // 2 + 1) if n % d == 0)])
    print(sum(euclid(n, 12345)[1] for n in range(1, 15_000)))
    p, q = 2**127 - 1, 2**89 - 1
    d = pow(65537, -1, (p - 1) * (q - 1))
    print(all(pow(pow(m, 65537, p * q), d, p * q) == m for m in range(10**20, 10**20 + 60)))


if __name__ == "__main__":
    main()
