# Iterators over iterators, and what goes through them in C: errors and ends in between, sources that change, sums and products.
import io
import itertools
import math


def stop_at(n):
    yield from range(n)
    raise ValueError(f"after {n}")


class Own:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration("end")
        return self.n


def tried(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"


for make in (lambda: [1, 2, 3, 4, 5], lambda: (1, 2, 3), lambda: range(7), lambda: iter("abc"), lambda: Own(4), lambda: stop_at(3), lambda: {5: 1, 6: 2}.values()):
    for f in (list, set, tuple, lambda s: list(map(str, s)), lambda s: list(itertools.islice(s, 1, 4, 2)), lambda s: list(itertools.batched(s, 2)),
              lambda s: list(itertools.batched(s, 40)), lambda s: list(itertools.chain(s, [0], make())), lambda s: [list(t) for t in itertools.tee(s)],
              lambda s: list(filter(None, s)), lambda s: list(itertools.pairwise(s)), lambda s: list(itertools.zip_longest(s, [9])), sorted, any, all,
              lambda s: list(itertools.accumulate(s)), lambda s: list(itertools.compress(s, [1, 0, 1])), lambda s: ",".join(map(str, s)), max,
              lambda s: [(k, list(g)) for k, g in itertools.groupby(s)], lambda s: list(itertools.takewhile(lambda x: x != 2, s)),
              lambda s: list(itertools.starmap(pow, zip(s, itertools.repeat(2)))), lambda s: dict.fromkeys(s, 0)):
        print(tried(lambda: f(make())), end="; ")
    print()
for size in (1, 2, 31, 32, 33, 100):
    print([len(b) for b in itertools.batched(range(100), size)][-2:], end=" ")
print(tried(lambda: list(itertools.batched("abc", 2, strict=True))), list(itertools.repeat("x", 3)), tried(lambda: list(itertools.batched("abc", 0))))
grow = [1, 2, 3]
print(list(itertools.islice((grow.append(x) or x for x in grow), 10)), len(grow))
it = iter([1, 2, 3])
print(list(zip(it, it)), list(it), next(itertools.islice([7], 0, None)), sum(itertools.islice(itertools.cycle([1, 2]), 9)))

print(math.prod([2, 3, 4]), math.prod([2**40, 2**40]), math.prod([2**31, 2**31, -1]), math.prod([1, 2.5, 2]), math.prod([-2**62, -1]), math.prod([]), math.prod("a" for _ in ()))
print(math.sumprod([1, 2, 3], [4, 5, 6]), math.sumprod([2**40] * 3, [2**40] * 3), math.sumprod([2**31, 1], [2**31, -1]), math.sumprod([1, 2.5], [2, 2]),
      math.sumprod([10**30, 1], [1, 1]), tried(lambda: math.sumprod([1], [])), math.sumprod([2**61, 2**61], [1, 1]), math.sumprod([True, 2], [3, False]))
print([math.comb(n, k) for n in (0, 1, 5, 20, 50, 66, 67, 68, 100) for k in (0, 1, 2, n // 2, n, n + 1)], math.comb(2**40, 1), math.comb(2**61, 2), math.comb(True, 1))
print(bytes.fromhex("00ff 1A2b"), bytes.fromhex(""), bytes.fromhex(" a0 "), [tried(lambda: bytes.fromhex(x)) for x in ("abc", "0g", "é0", "00 0", "0 0")], bytearray.fromhex("0102"))

# Text in memory: widths, positions, line ends.
for newline in ("\n", "", None, "\r", "\r\n"):
    for text in ("plain\nlines\r\nand\rmore", "é\nü\n", "a\n中\n\U0001f600", "", "\n\n"):
        s = io.StringIO(text, newline=newline)
        lines = list(s)
        s.seek(2)
        s.write("x€" if len(text) > 8 else "y\n")
        s.seek(0)
        print(repr(lines), repr(s.read(3)), repr(s.readline()), repr(s.getvalue()), s.tell(), end="; ")
        s.seek(30)
        s.write("end")
        s.truncate(31)
        print(repr(s.getvalue()[-4:]))
s = io.StringIO("中")
s.__init__("abc")
print(s.getvalue(), s.read(), s.write("d"), s.getvalue())
print([f(n) for f in (bin, oct, hex) for n in (0, 1, -1, 255, -256, 2**61, 2**62 - 1, -2**62, 2**62, -2**64, 10**30, True)])
