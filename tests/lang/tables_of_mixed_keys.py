# Sets and dicts whose keys are equal without being the same, collide, come and go; and how their order comes out.
import functools
import random

rng = random.Random(11)


class Odd:
    """Equal to an int, with its hash."""

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        return self.n == (other.n if isinstance(other, Odd) else other)

    def __repr__(self):
        return f"Odd({self.n})"


def key(n):
    kind = rng.randrange(9)
    text = f"k{n}" if n % 3 else f"a rather long key number {n}"
    return (n, float(n), Odd(n), (n, text[:2]), (n, (n, float(n))), frozenset({n, n + 1}), -n, n * 1024, (Odd(n), n))[kind]


def shown(s):
    return [repr(x) if not isinstance(x, frozenset) else sorted(x) for x in s]


# Only ints, floats and what has their hashes: the order does not depend on the hash of strings.
numbers = set()
for step in range(4000):
    n = rng.randrange(300)
    k = (n, float(n), Odd(n), n * 64, n * 4096)[rng.randrange(5)]
    (numbers.add, numbers.discard, numbers.add)[rng.randrange(3)](k)
    if step % 400 == 0:
        print(len(numbers), shown(numbers)[:8], k in numbers, Odd(n) in numbers)
other = {n * 7 for n in range(200)} | {float(n) + 0.5 for n in range(50)}
for made in (numbers | other, numbers & other, numbers - other, numbers ^ other, other ^ numbers, other - numbers):
    print(len(made), shown(made)[:6], sum(float(x.n if isinstance(x, Odd) else x) for x in made))
numbers ^= other
print(len(numbers), shown(numbers)[-6:])
print(len(numbers ^ numbers), numbers.symmetric_difference(range(20)) == numbers ^ set(range(20)))
for source in ([3, 1, 3], (3, 1), "hello", "中文é中", b"hello", range(9, 3, -1), iter([5, 5]), {8: 1}, (n for n in "aab"), [], ""):
    made, frozen = set(source), frozenset(source) if not hasattr(source, "__next__") else None
    print(len(made), sorted(map(str, made)), frozen is None or frozen == made)
same = frozenset([1])
print(frozenset(same) is same, frozenset() == set(), set(same) == same)
try:
    set([1, []])
except TypeError as e:
    print(e)

# Everything as keys: what dicts and sets say must be what a list of pairs says.
d, pairs, s = {}, [], set()
for step in range(3000):
    k = key(rng.randrange(60))
    found = next((p for p in pairs if p[0] == k and type(p[0] == k) is bool), None)
    assert (k in d) == (k in s) == (found is not None), k
    if rng.random() < 0.7:
        d[k] = step
        s.add(k)
        if found:
            found[1] = step
        else:
            pairs.append([k, step])
    elif found:
        del d[k]
        s.discard(k)
        pairs.remove(found)
    assert d.get(k) == (next((p[1] for p in pairs if p[0] == k), None))
assert list(d.values()) == [p[1] for p in pairs] and len(s) == len(d)
print(len(d), [v for v in d.values()][-5:])

# Texts and bytes made anew each time, tuples of them; growth from every size, with and without deleted entries.
for size in (1, 5, 6, 10, 11, 50, 300, 700):
    d = {f"name {n}": n for n in range(size)}
    e = {("p", f"name {n}"): n for n in range(size)} | {f"b{n}".encode(): n for n in range(size)}
    assert all(d[f"name {n}"] == n and e["p", f"name {n}"] == n and e[f"b{n}".encode()] == n for n in range(size))
    assert ("p", "name") not in e and b"b" not in e and "name" not in d
    for n in range(0, size, 3):
        del d[f"name {n}"]
    big = dict(d)
    big.update({f"more {n}": n for n in range(size)})
    big.update(e)
    d.update(big)
    assert list(d) == list(big) and len(d) == len(big) == size - len(range(0, size, 3)) + 3 * size
    print(size, len(big), list(big)[-1], big.pop(b"b0"), b"b0" in big)
print({(1, "a"): 1}[(1.0, "a")], {b"x": 1}.get("x"), {(True, float("1")): 2}[1, 1], {"é" * 20: 3}["é" * 20])


# Cached calls: one argument, several, by name, typed; the most recent one again and again.
@functools.lru_cache(maxsize=3)
def cached(*args, **kwargs):
    calls.append(args)
    return len(calls)


@functools.lru_cache(maxsize=None, typed=True)
def typed(a, b=0):
    calls.append((a, b))
    return type(a), type(b)


calls = []
print([cached(n) for n in (1, 1, 2, 1, 3, 4, 2, 2, 1.0, True)], cached.cache_info())
print(cached(1, 2, x=3), cached(1, 2, x=3), cached(*range(12)), cached(*range(12)), cached(), cached(), cached((1,), [].__class__))
print(cached.cache_info(), typed(1), typed(1.0), typed(1), typed("1", b=1), typed("1", b=1), typed("1", 1), typed.cache_info())
try:
    cached([])
except TypeError as e:
    print(e)


@functools.lru_cache
def depth(n):
    return n and depth(n - 1) + 1


print(depth(40), depth.cache_info(), cached.cache_clear(), cached.cache_info())
