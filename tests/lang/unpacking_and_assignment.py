a = b = c = []
a.append(1); print(b, c is a)
[p, q], r = [1, 2], 3
p, q = q, p
print(p, q, r)
*start, end = "abc"
first, *rest = [1]
print(start, end, first, rest)
d = {}
d["k"], (l := [0, 0])[1] = 1, 2
print(d, l)
i = 0
i, l[i] = 1, "set"
print(l)
class O: pass
o = O()
o.x, o.y = 1, o
o.y.x += 5
print(o.x)
x = 5
x += 1
x -= 2
x *= 3
x //= 5
x **= 3
x %= 7
x <<= 2
x |= 3
x &= 14
x ^= 5
x >>= 1
print(x)
x /= 4
print(x)
t = ([],)
try:
    t[0] += [1]
except TypeError as e:
    print(e, t)
for (m, n), *k in [((1, 2), 3, 4)]:
    print(m, n, k)
def f(a, b=2, *args, c, d=4, **kw): return a, b, args, c, d, kw
print(f(1, c=3), f(*[1, 2, 3], **{"c": 1, "z": 9}), f(*"ab", *[5], c=0, **{"d": 1}, **{"e": 2}))
print((lambda *a, **k: (a, k))(*range(2), 5, *"z", x=1, **dict(y=2)))
for i, l[0] in enumerate("xy"): pass
print(i, l)
class Matrix:
    def __imatmul__(self, o): return f"imatmul {o}"
    def __matmul__(self, o): return f"matmul {o}"
mm = Matrix()
print(mm @ 2)
mm @= 3
print(mm)
del d["k"], l[0]; print(d, l)
(w) = 1
[v] = [2]
(u,) = 3,
print(w, v, u)
ann: int = 5
print(ann)


def pairs_that_keep_their_name(mapping, names):
    """The tuple of an item is there although the next statement takes it apart."""
    kept = []
    for item in mapping.items():
        key, value = item
        kept.append((item, key, value))
    for numbered in enumerate(names):
        index, name = numbered
        kept.append((numbered, index, name))
    for pair in zip(names, names):
        left, right = pair
        kept.append((pair, left + right))
    return kept, [(b, a) for a, b in mapping.items()], [item for item in mapping.items() for a, b in [item]]


for _ in range(3):
    print(pairs_that_keep_their_name({1: "one", 2: "two"}, ["x", "y"]))
