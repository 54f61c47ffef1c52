d = {"a": 1, "b": 2}
d["c"] = 3; d["a"] = 10
print(d, len(d), "a" in d, d.get("z"), d.get("z", 0), d.setdefault("d", []), d.setdefault("a", 5), d.pop("b"),
    d.pop("b", None), list(d), list(d.items()), list(d.values()))
d.update({"e": 5}, f=6)
d.update([("g", 7)])
d |= {"h": 8}
print(d, d | {"a": 0}, {"a": 0} | d == d | {})
print(d.popitem(), list(reversed(d)), d.copy() == d, dict(a=1, b=2), dict([(1, 2)]),
    dict(zip("ab", (1, 2)), c=3), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0))
del d["a"]
d["a"] = "last"
print(d)
d.clear()
print(d)
m = {1: "int", 1.0: "float", True: "bool", None: 0, (1, 2): "t", frozenset(): "fs"}
print(m, m[1], m[(1, 2)])
class Missing(dict):
    def __missing__(self, key): return f"<{key}>"
print(Missing(a=1)["b"], Missing(a=1).get("b"), "b" in Missing())
for bad in ("{}['k']", "{}[[]]", "{}.popitem()", "{}.pop('x')", "dict([1])", "dict([(1, 2, 3)])", "{} < {}",
    "{'a': 1}.update(5)", "dict(5)", "{**5}", "{}.foo"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
d = {1: 1}
try:
    for k in d:
        d[k + 1] = 1
except RuntimeError as e:
    print(e)
try:
    for k in d:
        del d[k]; d[k + 5] = 0
except RuntimeError as e:
    print(e)
r = {}
r["self"] = r
print(r)
print({k: v for k, v in zip("abc", range(3)) if v}, {"a": {"b": [1]}}, {1: {}} == {1: dict()})
