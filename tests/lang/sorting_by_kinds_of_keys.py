"""sort() takes short ways for keys of one kind; the order is that of comparing."""
import random

rng = random.Random(3)
kinds = {
    'int': lambda: rng.randrange(-50, 50),
    'big': lambda: rng.choice([-1, 1]) * rng.randrange(10) ** rng.randrange(40),
    'float': lambda: rng.choice([0.0, -0.0, 1.5, -2.25, 1e300, -1e-300, float('inf'), rng.random()]),
    'mixed': lambda: rng.choice([1, 1.0, 2, 2.5, True, 10 ** 30]),
    'str': lambda: ''.join(rng.choice('ab\x00') for _ in range(rng.randrange(12))),
    'latin': lambda: ''.join(rng.choice('a\xe9\xff') for _ in range(rng.randrange(12))),
    'wide': lambda: ''.join(rng.choice('a\xe9\u4e2d\U0001f600') for _ in range(rng.randrange(10))),
    'bytes': lambda: bytes(rng.randrange(3) for _ in range(rng.randrange(6))),
    'tuple of int': lambda: (rng.randrange(5), rng.random()),
    'tuple of str': lambda: (rng.choice(['a', 'b', 'ab', 'abcdefgh', 'abcdefghi']), rng.randrange(9)),
    'tuple of float': lambda: (rng.choice([0.0, -0.0, 1.0]), rng.randrange(9)),
    'tuple of big': lambda: (rng.choice([1, 10 ** 20, -10 ** 20]), rng.randrange(9)),
    'uneven tuple': lambda: (1,) * rng.randrange(4),
    'list': lambda: [rng.randrange(3), 'x'],
}


def insertion(items):
    result = []
    for item in items:
        at = len(result)
        while at and item < result[at - 1]:
            at -= 1
        result.insert(at, item)
    return result


for name, make in kinds.items():
    for length in (0, 1, 2, 5, 30, 63, 64, 65, 200, 400):
        items = [make() for _ in range(length)]
        assert [repr(x) for x in sorted(items)] == [repr(x) for x in insertion(items)], (name, length)
        backwards = sorted(items, reverse=True)
        assert [repr(x) for x in backwards] == [repr(x) for x in insertion(items[::-1])[::-1]], (name, length)
        indexes = sorted(range(length), key=items.__getitem__)
        assert [repr(items[i]) for i in indexes] == [repr(x) for x in sorted(items)]
        assert all(items[i] < items[j] or i < j for i, j in zip(indexes, indexes[1:]))
    print(name, 'in order')

nan = float('nan')
for items in ([nan] * 3, [(nan, 2), (nan, 1)], [1.0, nan]):
    print(sorted(items))
for items in ([1, 'a'], ['a', b'a'], [(1, 'a'), (1, 2)], [None, None], [1, None]):
    try:
        print(sorted(items))
    except TypeError as e:
        print(e)
rope = 'z' * 2000
rope += 'a' * 2000
print([len(s) for s in sorted([rope, 'zz', 'z' * 2001, rope[:-1] + 'b'])])
