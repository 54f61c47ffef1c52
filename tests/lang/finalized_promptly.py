"""What a program plainly lets go of is finalized at once: deleted and replaced names, items and attributes, ended functions, closed
generators; and what died with it."""
import contextvars
import weakref

log = []


class X:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        log.append(self.n)


class P:
    pass


def take():
    got = sorted(log, key=str)
    log.clear()
    return got


x = X(1)
del x
print("deleted global", take())
x = X(2)
x = None
print("replaced global", take())
x = X(3)
x = X(33)
print("replaced by another", take())
del x
print(take())


def variables():
    x = X(4)
    del x
    print("deleted local", take())
    x = X(5)
    x = None
    print("replaced local", take())
    x = X(6)
    y = x
    del x
    print("still there", take())


variables()
print("end of a function", take())


def make():
    return X(7)


def use():
    x = make()
    print("passed on", take())


use()
print("end of the caller", take())
d = {"a": X(8)}
d["a"] = None
print("item", take())
d["a"] = X(9)
del d["a"]
print("deleted item", take())
l = [X(10)]
del l[0]
print("deleted item of a list", take())
l = [X(11), X(12)]
l = None
print("list", take())
p = P()
p.a = X(13)
p.a = None
print("attribute", take())
p.a = X(14)
del p.a
print("deleted attribute", take())
p.a = [X(15), {1: X(16)}]
del p
print("nested", take())


def finally_logged():
    try:
        yield 1
    finally:
        log.append("finally")


g = finally_logged()
next(g)
del g
print("generator", take())
g = finally_logged()
next(g)
g = None
print("replaced generator", take())


def keeps(x):
    yield 1


g = keeps(X(17))
next(g)
g.close()
print("closed generator", take())
g = keeps(X(18))
g.close()
print("closed at its start", take())
g = keeps(X(19))
g.gi_frame.clear()
print("cleared frame", take())
p = P()
r = weakref.ref(p, lambda r: log.append("callback"))
del p
print(r(), take())
p = P()
p.l = X(20)
r = weakref.ref(p.l)
del p
print(r(), take())


class Chain:
    def __init__(self, n, next):
        self.n, self.next = n, next

    def __del__(self):
        log.append(self.n)


chain = Chain("a", Chain("b", Chain("c", None)))
del chain
print("in the order of the count", log)
log.clear()


class Back:
    def __del__(self):
        global back
        back = self


b = Back()
r = weakref.ref(b)
del b
print("came back", back is not None, r() is None)
del back
r = None
cycle = X(21)
cycle.itself = cycle
del cycle
print("a cycle stays", take())
variable = contextvars.ContextVar("variable")
token = variable.set(X(22))
variable.reset(token)
print("reset", take())
mutated = {i: X(i) for i in range(5)}


class Clears(int):
    def __del__(self):
        mutated.clear()


mutated[2] = Clears(2)
try:
    for item in mutated.items():
        if item[0] == 2:
            mutated[2] = None
except RuntimeError as e:
    print("the loop's own item was the last", e)
del item
print(take())
