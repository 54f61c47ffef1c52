"""itertools and iterator classes: chains, products, groups, tees, windows, an iterator in Python, iter with a sentinel."""
import itertools
import operator


class Countdown:
    def __init__(self, start):
        self.n = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Repeatable:
    def __init__(self, values):
        self.values = values

    def __iter__(self):
        for value in self.values:
            yield value
            yield value


def windows(values, width):
    streams = itertools.tee(values, width)
    for skip, stream in enumerate(streams):
        next(itertools.islice(stream, skip, skip), None)
    return zip(*streams)


def main():
    print(sum(Countdown(200_000)), sum(Repeatable(range(100_000))))
    print(sum(max(w) for w in windows((n * 7 % 1009 for n in range(160_000)), 3)))
    print(sum(a * b for a, b in itertools.product(range(500), repeat=2)))
    print(sum(1 for p in itertools.permutations(range(8)) if p[0] < p[-1]))
    print(sum(sum(c) for c in itertools.combinations(range(22), 5)), len(list(itertools.combinations_with_replacement("abcde", 6))))
    print([(k, sum(1 for _ in g)) for k, g in itertools.groupby(sorted(n * n % 10 for n in range(60_000)))])
    print(sum(itertools.starmap(operator.mul, zip(range(100_000), itertools.count(1)))))
    print(sum(itertools.chain.from_iterable([n] * 3 for n in range(50_000))), sum(itertools.compress(range(90_000), itertools.cycle((1, 0, 0)))))
    print(len(list(itertools.takewhile(lambda n: n < 60_000, itertools.count()))), sum(itertools.dropwhile(lambda n: n < 9, range(100_000))))
    print(list(itertools.accumulate(range(1, 8), operator.mul)), sum(a - b for a, b in itertools.pairwise(range(100_000))))
    numbers = iter(range(100_000))
    print(len(list(iter(lambda: next(numbers), 90_000))), list(itertools.zip_longest("ab", "xyz", fillvalue="-")))


if __name__ == "__main__":
    main()
