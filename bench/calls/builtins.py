"""Built-in functions that loops lean on: len, min, max, sum, abs, isinstance, zip, enumerate, map, filter, any, all."""


def describe(value):
    if isinstance(value, bool):
        return 1
    if isinstance(value, (int, float)):
        return 2
    if isinstance(value, str):
        return 3 + len(value)
    return 5 if callable(value) else len(value)


def clamp(value, low, high):
    return max(low, min(high, value))


def main():
    values = [3, "four", 5.0, True, [1, 2], (1,), len, {"a": 1}]
    total = 0
    for _ in range(20_000):
        for value in values:
            total += describe(value)
    print(total)
    print(sum(clamp(n, 1000, 2000) for n in range(120_000)))
    print(sum(abs(a - b) for a, b in zip(range(150_000), range(150_000, 0, -1))))
    print(sum(i * v for i, v in enumerate(range(150_000), 1)))
    print(sum(map(int, filter(str.isdigit, map(str, range(100_000))))))
    print(sum(any(n % d == 0 for d in (2, 3, 5, 7)) for n in range(100_000)))
    print(sum(all(n % d for d in (2, 3, 5, 7)) for n in range(100_000)))
    rows = [(n * 7 % 101, n) for n in range(2000)]
    for _ in range(20):
        low, high = min(rows), max(rows, key=lambda row: row[0])
        size = sum(map(len, rows))
    print(low, high, size)
    print(sum(divmod(n, 7)[1] + round(n / 3) + ord(chr(n % 128)) for n in range(150_000)))
    print(len(list(reversed(range(100_000)))), sorted(range(1000), key=lambda n: n ^ 5)[:4])


if __name__ == "__main__":
    main()
