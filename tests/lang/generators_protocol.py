def g():
    try:
        x = yield 1
        print("got", x)
        try:
            y = yield 2
        except ValueError as e:
            print("caught", e)
            y = yield "recovered"
        print("y", y)
        return "result"
    finally:
        print("cleanup")
it = g(); print(next(it), it.send("hello"), it.throw(ValueError("v")))
try:
    it.send("last")
except StopIteration as e:
    print("stop", e.value)
print(next(it, "exhausted"), type(it).__name__, it.gi_frame, it.gi_running)
it = g()
next(it)
it.close()
it.close()
def outer():
    r = yield from g()
    print("inner returned", r)
    yield from "ab"
    yield from (i * i for i in range(3))
o = outer(); print(next(o), o.send(1), o.send(2), list(o))
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
import itertools
print(list(itertools.islice(fib(), 12)), [x for x in itertools.takewhile(lambda v: v < 50, fib())])
def chain(n):
    if n:
        yield n
        yield from chain(n - 1)
print(list(chain(10)), sum(chain(300)))
it = g()
try:
    it.send(5)
except TypeError as e:
    print(e)
def stopper():
    yield 1
    raise StopIteration("inner")
try:
    list(stopper())
except RuntimeError as e:
    print(e, repr(e.__cause__))
def selfnext():
    try:
        yield next(me)
    except ValueError as e:
        print(e)
me = selfnext(); print(list(me))
def ignores():
    while True:
        try: yield 1
        except GeneratorExit:
            print("ignoring")
            yield 2
            return
i = ignores(); next(i)
try:
    i.close()
except RuntimeError as e:
    print(e)
def ret():
    return 5
    yield
try:
    next(ret())
except StopIteration as e:
    print(e.value)
gx = (x for x in [1, 2]); print(gx.gi_code.co_name, next(gx), gx.__name__, list(gx))
def closer():
    try: yield
    except GeneratorExit: return "closed value"
c = closer()
next(c)
print(c.close())
def tree(t):
    if isinstance(t, list):
        for x in t: yield from tree(x)
    else: yield t
print(list(tree([1, [2, [3, [4]], 5], [[6]]])))
