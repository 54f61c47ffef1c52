import operator as op

print(op.add(1, 2), op.floordiv(7, 2), op.matmul.__name__, op.contains([1], 1), op.countOf([1, 1, 2], 1),
    op.indexOf("abc", "c"), op.concat([1], [2]), op.getitem({"k": "v"}, "k"), op.truth([]),
    op.is_(None, None), op.is_not(1, None), op.not_(0), op.index(True), op.pos(-1), op.inv(5), op.xor(5, 1),
    op.lshift(1, 4), op.is_none(None), op.is_not_none(0))
l = [1, 2, 3]
op.setitem(l, 0, "x")
op.delitem(l, 1)
print(l, op.iadd(l, [4]), l, op.iconcat(l, "z"), op.imul(5, 2), op.length_hint(iter(l)),
    op.length_hint(object(), 7))
g = op.itemgetter(1, 0)
a = op.attrgetter("real", "imag")
n = op.attrgetter("__class__.__name__")
m = op.methodcaller("replace", "a", "b", 1)
print(g("xyz"), op.itemgetter(slice(1, 3))("abcd"), a(2 + 3j), n(5), m("banana"),
    op.methodcaller("format", x=1)("{x}"), repr(g), repr(a), repr(m), op.call(max, 1, 2, key=lambda v: -v))
import copy, pickle
print(pickle.loads(pickle.dumps(g))("pq"), copy.copy(m)("aa"), op.eq(1, 1.0), op.lt("a", "b"),
    op.__add__ is op.add)
for code in ("op.itemgetter()", "op.attrgetter(5)", "op.methodcaller()", "op.itemgetter(5)([1])",
    "op.attrgetter('nope')(1)", "op.add(1)", "op.index(1.5)", "op.indexOf([1], 2)", "op.concat(1, 2)",
    "op.length_hint(1, 'x')", "op.contains(5, 1)", "op.getitem([1], 'a')", "op.mod(1, 0)",
    "op.methodcaller(5)", "op.itemgetter(1)()"):
    try:
        print(code, eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
