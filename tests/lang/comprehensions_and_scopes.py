x = "outer"
print([x for x in range(3)], x, {x: y for x, y in zip("ab", (1, 2))}, {c for c in "a"},
    list(i * i for i in range(4)))
print([(i, j) for i in range(3) for j in range(i) if (i + j) % 2], [[j for j in range(i)] for i in range(4)],
    [y := 5, y ** 2], y)
fs = [lambda: i for i in range(3)]
print([f() for f in fs], [(lambda i=i: i)() for i in range(3)])
class K:
    items = [1, 2, 3]
    total = sum(items)
    doubled = [v * 2 for v in items]
print(K.total, K.doubled)
def f():
    local = 10
    return [local + n for n in range(3)], {k: local for k in "ab"}
print(f())
if any((found := n) > 3 for n in [1, 5, 2]):
    print("found", found)
def g():
    return [z for z in [1, 2, 3] if (last := z)], last
print(g())
print([a for a, in [(1,), (2,)]], [a for a, *b in [(1, 2, 3)]], [*[1], *(2,)], {**{"k": 1}})
try:
    [1 / n for n in (1, 0)]
except ZeroDivisionError:
    print("raised")
gen = (print("lazy") or n for n in [1])
print("before"); print(list(gen))
print([i for i in range(10) if i % 2 if i % 3], [i if i % 2 else -i for i in range(5)],
    sum(x for x in range(4)))
print([locals().get("q") for q in range(2)], [1 for _ in ()] or "empty")
