a, b = {1, 2, 3, 4}, {3, 4, 5}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a <= b, {3} < b, a >= {1},
    a.isdisjoint({9}), a == {4, 3, 2, 1}, len(a), 2 in a)
print(sorted(a.union([7], (8,))), sorted(a.intersection(range(3))), sorted(a.difference([1], [2])),
    sorted(a.symmetric_difference("ab"), key=str), a.issubset(range(9)), a.issuperset([1]))
a.add(9)
a.discard(100)
a.remove(1)
a.update([10], {11})
a |= {12}
a &= set(range(11))
a -= {2}
a ^= {3, 50}
print(sorted(a), set(), frozenset(), frozenset([1]), {frozenset([1, 2]): "fs"}[frozenset([2, 1])],
    {1} == frozenset([1]), type({1} | frozenset([2])).__name__, type(frozenset([2]) | {1}).__name__)
s = set("a")
print(s.pop(), s, {*"a", *"a"}, sorted({x % 3 for x in range(10)}), set([1, 1.0, True]), sorted({"b", "a"}))
a.intersection_update([9, 10])
a.difference_update([9])
a.symmetric_difference_update([1])
print(sorted(a))
c = a.copy()
c.clear()
print(c, bool(c))
for bad in ("{1}.remove(5)", "set().pop()", "{[]}", "{1} | [1]", "{1} < [1]", "frozenset([1]).add(2)",
    "set(5)", "hash({1})", "{1} + {2}"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
try:
    s = {1, 2}
    for x in s:
        s.add(x + 10)
except RuntimeError as e:
    print(e)
print({1, 2} in [{2, 1}], {1, 2} in {frozenset({1, 2})}, {1}.__or__([1]),
    hash(frozenset([1, 2])) == hash(frozenset([2, 1])))
