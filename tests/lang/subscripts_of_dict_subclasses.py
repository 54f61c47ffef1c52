"""Subscripts of classes derived from dict, with and without methods of their own."""
from collections import defaultdict, Counter, OrderedDict
g = defaultdict(list)
for i in range(6): g[i % 3].append(i)
n = defaultdict(int); o = OrderedDict(); c = Counter()
class D(dict):
    def __missing__(self, k): return ("missing", k)
class E(dict):
    def __getitem__(self, k): return ("own", k)
    def __setitem__(self, k, v): super().__setitem__(k, v * 2)
x, y = D(a=1), E(a=1)
for i in range(6):
    n["abc"[i % 3]] += i; o["abc"[i % 3]] = i; c[i % 2] += 1; x["a"] = i; y["a"] = i
    print(x["a"], x["b"], y["a"], y["zz"], dict.__getitem__(y, "a"))
print(dict(g), dict(n), o, c)
