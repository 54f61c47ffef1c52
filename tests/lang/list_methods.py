a = [3, 1, 2]
a.append(4)
a.extend((5, 6))
a.insert(0, 0)
a.insert(100, 7)
a.insert(-1, "x")
print(a, a.pop(), a.pop(0), a.pop(-2), a.index(2), a.count(1), len(a))
a.remove("x") if "x" in a else None
a.reverse()
print(a)
a.sort()
print(a, a[-1], a + [9], a * 2, 3 in a, [1, 2] < [1, 3], [1] < [1, 0], [] == [])
a[1:3] = ["p", "q", "r"]
print(a)
a[::2] = [0] * len(a[::2])
print(a)
del a[1:4]
print(a)
a[:0] = "ab"
print(a)
a *= 2
print(a)
a += (i for i in range(2))
print(a)
print(sorted("banana"), sorted([3, -1, 2], key=abs, reverse=True), sorted({"b": 1, "a": 2}),
    list(reversed([1, 2, 3])))
b = a.copy()
b.clear()
print(a != b, b, list("abc"), list(range(3)), [*range(3), *"xy"])
r = [1]
r.append(r)
print(r, r[1][1][0])
print([[0] * 2] * 2, [1, 2, 3].__contains__(2), list.__len__([1]), [1, "a", None, 2.5, (1,), {1: 2}])
for bad in ("[].pop()", "[1].remove(2)", "[1].index(2)", "[1][1]", "[1]['a']", "[1] + (2,)",
    "[3, 'a'].sort()", "[1, 2, 3].__setitem__(slice(None, None, 2), [1])", "[1].insert()", "[1] < 2",
    "list(5)", "{[]}"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
