t = (1, "a", 2.5)
print(t, t[0], t[-1], t[1:], t + (4,), t * 2, len(t), "a" in t, t.index("a"), t.count(1), (), (1,),
    tuple("ab"), hash(t) == hash((1, "a", 2.5)))
print((1, 2) < (1, 3), (1, 2) < (1, 2, 0), () < (1,), (1, 2) == (1.0, 2.0), (1, 2) == [1, 2],
    min((3, 1), (2, 9)))
a, *b, c = range(6)
(d, e), [f, *g] = (1, 2), "xyz"
print(a, b, c, d, e, f, g)
x = y = [1]
x, y = 5, x
print(x, y)
def f(*args): return args
print(f(*t, *[1, 2]), (*t, *"xy"), {**{"a": 1}, "b": 2})
for bad in ("t[3]", "t + [1]", "hash(([],))", "t.index(99)", "(1, 2) < (1, 'a')"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
for values in ((1,), (1, 2, 3), 5):
    try:
        p, q = values
    except (ValueError, TypeError) as e:
        print(e)
try:
    p, *q, r = (1,)
except ValueError as e:
    print(e)
class Point(tuple):
    def __new__(cls, x, y): return super().__new__(cls, (x, y))
    def __repr__(self): return f"Point{tuple.__repr__(self)}"
print(Point(1, 2), Point(1, 2) == (1, 2), Point(1, 2) + (3,), isinstance(Point(0, 0), tuple))
