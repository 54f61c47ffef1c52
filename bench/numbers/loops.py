"""Integer loops: range, while, nesting, conditions."""


def collatz(limit):
    best, at = 0, 0
    for start in range(1, limit):
        n, steps = start, 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        if steps > best:
            best, at = steps, start
    return at, best


def triples(limit):
    found = 0
    for a in range(1, limit):
        for b in range(a, limit):
            c = a * a + b * b
            if c & 15 == 1 and c % 7 == 2:
                found += 1
    return found


def main():
    print(collatz(12_000))
    print(triples(700))
    total = i = 0
    while i < 900_000:
        total += i & 3
        i += 1
    print(total)


if __name__ == "__main__":
    main()
