"""`in` and `not in` for dicts and sets: keys of all kinds, equal ones that are not the same, deleted ones, unhashable ones."""
class S(str):
    def __hash__(self): return str.__hash__(self)
class I(int): pass
class Odd:
    def __init__(self, h, e): self.h, self.e = h, e
    def __hash__(self): return self.h
    def __eq__(self, o): return self.e
d = {i: 1 for i in range(20)}; e = {f"k{i}": i for i in range(20)}; m = {1: 2, "a": 3, 2.0: 4, Odd(77, True): 5, Odd(78, False): 6, I(9): 1, S("sub"): 2}
long = "x" * 40
e[long] = 1
del d[3], e["k3"]
for c in (d, e, m, set(d), set(e), set(m), frozenset(e), {}, set()):
    print([k in c for k in (0, 3, 5, 19, 20, -1, 2, 9, 77, 78, True, 1.0, 2.0, 2**70, None, "a", "k3", "k1", "k%d" % 2, "sub", "nix", "x" * 40, "x" * 39, (), I(5), S("k4"))])
    print([k not in c for k in (0, 3, 77, "a", "k1", "zz")])
for bad in ([], {}):
    for c in (d, set(), {}):
        try: print(bad in c)
        except TypeError as x: print(x)
