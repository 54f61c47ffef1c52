d = {}
for i in range(1000):
    d[i * 7919 % 1009] = i
for i in range(0, 1009, 3):
    d.pop(i, None)
for i in range(0, 1009, 9):
    d[i] = -i
print(len(d), list(d)[:8], list(d)[-4:], sum(d.values()), sum(k * v for k, v in d.items()))
s = {}
for w in ("the quick brown fox jumps over the lazy dog the end " * 50).split():
    s[w] = s.get(w, 0) + 1
print(s)
class Collide:
    def __init__(self, n): self.n = n
    def __hash__(self): return 42
    def __eq__(self, other): return isinstance(other, Collide) and self.n == other.n
    def __repr__(self): return f"C{self.n}"
c = {Collide(i): i for i in range(50)}
for i in range(0, 50, 2):
    del c[Collide(i)]
print(len(c), c[Collide(7)], Collide(8) in c, list(c)[:3])
big = {str(i): i for i in range(20000)}
print(len(big), big["12345"], all(big[str(i)] == i for i in range(0, 20000, 37)))
print({2**64 + 1: "a", -1: "b", -2: "c"}[-2], hash(-1), hash(-2), hash(2**61 - 1), hash(2**61),
    {0.0: 1, -0.0: 2, 0: 3})
