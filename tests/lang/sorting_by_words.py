"""Sorting many keys of one simple kind, which are compared by their words or sorted byte by byte: orders, stability, what has no order."""
import random

rng = random.Random(7)


def check(items, **how):
    """Against insertion into a list, which compares each with its neighbours only."""
    key = how.get("key", lambda x: x)
    marked = sorted([Item(x, i) for i, x in enumerate(items)], key=lambda m: key(m.x), reverse=how.get("reverse", False))
    by_hand = list(enumerate(items))
    for end in range(1, len(by_hand)):
        at = end
        while at and (key(by_hand[at - 1][1]) < key(by_hand[at][1]) if how.get("reverse") else key(by_hand[at][1]) < key(by_hand[at - 1][1])):
            by_hand[at - 1], by_hand[at] = by_hand[at], by_hand[at - 1]
            at -= 1
    assert [m.i for m in marked] == [i for i, _ in by_hand], (items, how)
    plain = sorted(items, **how)
    assert list(map(repr, plain)) == [repr(x) for _, x in by_hand] and all(a is b for a, (_, b) in zip(plain, by_hand)), (items, how)


class Item:
    def __init__(self, x, i):
        self.x, self.i = x, i


MAKERS = {
    "bytes": lambda: rng.randrange(256),
    "ints": lambda: rng.randrange(-10**9, 10**9),
    "long ints": lambda: rng.randrange(-2**60, 2**60),
    "huge ints": lambda: rng.randrange(-2**80, 2**80),
    "floats": lambda: rng.uniform(-1, 1) * 10.0**rng.randrange(-300, 300),
    "few floats": lambda: rng.choice([0.0, -0.0, 1.5, -1.5, float("inf"), -float("inf"), 5e-324]),
    "words": lambda: "".join(rng.choice("abc") for _ in range(rng.randrange(14))),
    "alike": lambda: "https://example.org/" + "".join(rng.choice("ab\0\xff") for _ in range(rng.randrange(12))),
    "wide": lambda: "".join(rng.choice("a\u20ac\U0001f600") for _ in range(rng.randrange(6))),
    "one": lambda: "same text",
    "pairs": lambda: (rng.randrange(5), rng.randrange(3)),
    "pairs of text": lambda: ("key" + str(rng.randrange(30)), rng.random()),
    "mixed pairs": lambda: (rng.choice([1, 1.0, 2]), "x"),
    "tuples": lambda: tuple(rng.randrange(2) for _ in range(rng.randrange(4))),
    "mixed": lambda: rng.choice([1, 2.5, True, 10**30]),
}
for name, make in MAKERS.items():
    for count in (0, 1, 2, 23, 24, 40, 90, 300):
        items = [make() for _ in range(count)]
        check(items)
        check(items, reverse=True)
        if count:
            check(sorted(items))
            check(sorted(items, reverse=True))
            nearly = sorted(items)
            nearly[count // 2] = make()
            check(nearly)
    print(name, repr(min(items))[:20], repr(max(items))[:40])
words = [str(rng.randrange(1000)) for _ in range(300)]
for key in (len, int, float, lambda w: w, lambda w: w[::-1], lambda w: (len(w), w), lambda w: -int(w), lambda w: "common " + w):
    check(words, key=key)
    check(words, key=key, reverse=True)

nan = float("nan")
numbers = [float(i) for i in range(100)]
rng.shuffle(numbers)
print(len(sorted(numbers + [nan])), sorted([nan] * 50) == [nan] * 50 or "nan")


class Odd:
    """Ordered, but by a function that may fail or change the list."""

    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        if self.n == 77:
            raise ValueError("not 77")
        if self.n == 78:
            shared.append(1)
        return self.n < other.n


for number in (77, 78):
    shared = [(i % 4, Odd(number if i == 50 else 1000 + i)) for i in range(100)]
    before = set(map(id, shared))
    try:
        shared.sort()
    except ValueError as e:
        print(e, {id(x) for x in shared} == before, len(shared))
for mixed in ([("a", i) for i in range(60)] + [(1, 1)], [(i, None) for i in [3] * 60], [str(i) for i in range(60)] + [b"x"], [1.5, "a"] * 30):
    try:
        print(len(sorted(mixed)))
    except TypeError as e:
        print(e)
