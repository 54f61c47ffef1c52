class Count:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
class Sequence:
    def __getitem__(self, i):
        if i >= 3:
            raise IndexError
        return i * 10
print(list(Count(3)), tuple(Sequence()), 20 in Sequence(), [*Count(2)], sum(Count(4)),
    dict(enumerate(Sequence())), max(Sequence()))
print(list(zip("abc", Count(2))), list(map(lambda x, y: x + y, [1, 2], [3, 4, 5])),
    list(filter(None, [0, 1, "", "a"])), list(enumerate("ab", 5)), list(reversed("abc")))
print(any(x > 2 for x in Count(3)), all([]), any([]), sum([[1], [2]], []), min("b", "a"),
    max([], default="none"), min([3, 1], key=lambda x: -x), list(iter([1, 2, 3, 0, 4].pop, 1)))
for x in Count(3):
    if x == 5:
        break
else:
    print("no break")
try:
    list(zip("ab", "abc", strict=True))
except ValueError as e:
    print(e)
try:
    list(map(lambda a, b: a, [1, 2], [1], strict=True))
except ValueError as e:
    print(e)
it = iter("ab")
print(next(it), next(it), next(it, "end"))
for bad in ("iter(5)", "next(5)", "next(iter([]))", "max([])", "sum(['a'])", "for_x", "list(zip(1))",
    "reversed({1})", "max(1)", "sum(5)"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, str(e) or "-")
class BadIter:
    def __iter__(self): return 5
class NoNext:
    def __iter__(self): return object()
for c in (BadIter, NoNext):
    try:
        for x in c(): pass
    except TypeError as e:
        print(e)
