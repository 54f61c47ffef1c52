"""Generators: pipelines, delegation, send, generator expressions, itertools on top of them."""
import itertools


def numbers(limit):
    n = 0
    while n < limit:
        yield n
        n += 1


def evens(source):
    for n in source:
        if n % 2 == 0:
            yield n


def squares(source):
    for n in source:
        yield n * n


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


def averager():
    total = count = 0
    average = None
    while True:
        value = yield average
        total += value
        count += 1
        average = total / count


def main():
    print(sum(squares(evens(numbers(900_000)))))
    print(sum(tree(14)))
    mean = averager()
    next(mean)
    for i in range(200_000):
        result = mean.send(i)
    print(result)
    print(sum(x * y for x in range(400) for y in range(400) if (x + y) % 3 == 0))
    print(sum(itertools.islice(itertools.accumulate(numbers(10**9)), 200_000)))
    print(max(len(list(g)) for _, g in itertools.groupby(n // 7 for n in numbers(100_000))))


if __name__ == "__main__":
    main()
