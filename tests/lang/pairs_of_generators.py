"""Tuples that a generator makes only to yield them: those who only look at them let go of them, and nobody who keeps one notices."""
import sys


def pairs(n):
    for i in range(n):
        yield i, [i]


print(dict(pairs(4)), dict(map(lambda pair: (str(pair[0]), pair[1]), pairs(3))))
print(all(map(id, ((i, i) for i in range(50)))))
print(list(map(len, ((i, i) if i % 2 else (i,) for i in range(6)))), sum(map(len, pairs(1000))))
print(list(map(callable, pairs(2))), set(map(len, pairs(100))))


def kept(n, store):
    for i in range(n):
        pair = (i, str(i))
        store.append(pair)
        yield pair


store = []
print(dict(kept(3, store)), list(map(id, kept(3, store))) == [id(pair) for pair in store[3:]], store)


def chosen(n, shared):
    for i in range(n):
        yield shared if i % 2 else (i, "new")


shared = ("shared", [])
print(dict(chosen(5, shared)), list(map(len, chosen(5, shared))), shared)


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        held.append(sys._getframe(1).f_code.co_name)
        return hash(self.n)

    def __eq__(self, other):
        return self.n == other.n


held = []
print([(k.n, v) for k, v in dict((Key(i % 3), (i, i)) for i in range(7)).items()], len(held))


def received():
    got = []
    for i in range(3):
        got.append((yield i, got[:]))
    return got


g = received()
print(next(g), g.send("a"), g.send("b"))


def failing():
    yield 1, 2
    yield 3, 4
    raise KeyError("late")


target = {}
for consume in (lambda: target.update(failing()), lambda: list(map(len, failing())), lambda: dict(((1, 2, 3) for _ in "a")),
                lambda: dict(pair for pair in [(1, 2), (3,)]), lambda: dict(([], 1) for _ in "a"), lambda: dict((1, 2) for _ in None)):
    try:
        consume()
    except Exception as e:
        print(type(e).__name__, e)
print(target)


def stops(x):
    if x == 2:
        raise StopIteration("from within")
    return x


print(list(map(stops, range(5))), list(map(abs, [-1, 2.5])), list(map([1, 2, 3].count, (2, 5))), list(map(str.upper, "ab")))
print(list(map(pow, (2, 3), (3, 2))), sum(map(int, "123")), set(map(divmod(7, 2).index, [3])), list(map({1: 2}.get, [1, 3])))
for function in (len, ord, [].index, {}.pop):
    try:
        print(list(map(function, ["a", 3])))
    except Exception as e:
        print(type(e).__name__, e)


class Doubled(map):
    def __next__(self):
        return super().__next__() * 2


print(list(Doubled(len, ["a", "bc"])), sum(Doubled(len, pairs(3))), any(map(len, [(), [0]])), all(map(len, pairs(3))))
sys.settrace(lambda *args: None)
print(dict(pairs(2)), list(map(len, pairs(2))))
sys.settrace(None)
