"""Function calls: recursion, positional and keyword arguments, defaults, closures, methods."""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def add(a, b=1, *, scale=1):
    return (a + b) * scale


def adder(n):
    def inner(x):
        return x + n
    return inner


class Counter:
    def __init__(self):
        self.n = 0

    def bump(self, by):
        self.n += by
        return self


def main():
    print(fib(25))
    total = 0
    plus = adder(3)
    for i in range(300_000):
        total += add(i) + add(i, 2) + add(i, scale=2) - plus(i)
    counter = Counter()
    for i in range(200_000):
        counter.bump(i).bump(1)
    print(total, counter.n)


if __name__ == "__main__":
    main()
