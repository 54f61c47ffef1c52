d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), "a" in k, 2 in v, ("a", 1) in i, ("a", 2) in i)
print(sorted(k & {"a", "z"}), sorted(k | {"z"}), sorted(k - {"a"}), sorted(k ^ {"a", "z"}),
    sorted(i & {("a", 1)}), k == {"a", "b", "c"}, k < {"a", "b", "c", "d"}, k.isdisjoint("xyz"))
d["d"] = 4
print(len(k), list(v), list(reversed(k)), list(reversed(i)), k.mapping["d"])
try:
    k.mapping["x"] = 1
except TypeError as e:
    print(e)
print({1: 2}.items() == {1: 2}.items(), {1: 2}.values() == {1: 2}.values(), {1: 2}.keys() == {1: 3}.keys(),
    type(iter(k)).__name__, repr({}.keys()), repr({1: []}.items()))
it = iter(d); next(it)
print(list(it), it.__length_hint__())
try:
    k + k
except TypeError as e:
    print(e)
