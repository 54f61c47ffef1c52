import functools, random
people = [("ann", 30), ("bob", 25), ("cy", 30), ("dee", 25), ("eve", 35)]
print(sorted(people, key=lambda p: p[1]), sorted(people, key=lambda p: -p[1]),
    sorted(people, key=lambda p: p[1], reverse=True))
print(sorted(["b", "A", "c", "B"], key=str.lower), sorted([(1, "b"), (1, "a"), (0, "z")]),
    sorted([0.5, 1, True, -1, 2**70, -2.5]))
print(sorted("a-10 a-9 a-1".split(), key=functools.cmp_to_key(lambda x, y: int(x[2:]) - int(y[2:]))))
rnd = random.Random(7)
for n in (0, 1, 2, 31, 64, 100, 1000, 5000):
    data = [rnd.randrange(n // 3 + 1) for _ in range(n)]
    pairs = sorted(enumerate(data), key=lambda p: p[1])
    assert all(p[1] < q[1] or p[1] == q[1] and p[0] < q[0] for p, q in zip(pairs, pairs[1:]))
    print(n, sum(i * v for i, v in enumerate(sorted(data))), sorted(data, reverse=True)[:3])
class Odd:
    def __init__(self, v): self.v = v
    def __lt__(self, other): return self.v < other.v
    def __repr__(self): return f"Odd({self.v})"
print(sorted(map(Odd, [3, 1, 2])), min(map(Odd, [3, 1, 2])), max([Odd(1), Odd(5)]))
data = [3, 1, 2]
def key(x):
    data.append(9)
    return x
try:
    data.sort(key=key)
except ValueError as e:
    print(e)
try:
    sorted([1, 2, 3], key=lambda x: 1 / (x - 2))
except ZeroDivisionError as e:
    print(e)
