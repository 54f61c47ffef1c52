"""Garbage that dies young: small objects, tuples, lists, dicts, strings and closures made and forgotten in loops."""


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def moved(self, dx, dy):
        return Point(self.x + dx, self.y + dy)


def summary(n):
    return {"n": n, "half": n / 2, "name": str(n)}


def main():
    point = Point(0, 0)
    for n in range(150_000):
        point = point.moved(n & 3, 1)
    print(point.x, point.y)
    total = 0
    for n in range(100_000):
        total += len([n, n + 1, n + 2]) + len((n, [n])) + len(f"<{n}>")
    print(total)
    print(sum(summary(n)["half"] for n in range(80_000)))
    print(sum((lambda: n)() for n in range(100_000)), sum(len(bytearray(n % 2000)) for n in range(20_000)))
    print(len("".join([str(n) + "," for n in range(100_000)]).split(",")))


if __name__ == "__main__":
    main()
