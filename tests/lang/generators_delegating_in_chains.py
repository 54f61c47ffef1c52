# Chains of generators and coroutines that delegate: values in and out, exceptions through, frames in between, changes midway.
import sys
import types


def leaf(n):
    total = 0
    for i in range(n):
        total += (yield i) or 0
    return total


def chain(depth, n):
    result = yield from (leaf(n) if depth == 0 else chain(depth - 1, n))
    return result + 1


def drive(g):
    values, sent = [], None
    try:
        while True:
            values.append(g.send(sent))
            sent = len(values)
    except StopIteration as e:
        return values, e.value


for depth in (0, 1, 2, 30):
    print(drive(chain(depth, 5)), list(chain(depth, 4)), sum(chain(depth, 5)))


def outer():
    received = []
    for value in chain(3, 4):
        received.append((yield value * 10))
    return received


print(drive(outer()))


# Each level yields on its own as well.
def mixed(depth):
    yield ("enter", depth)
    if depth:
        yield from mixed(depth - 1)
        yield ("between", depth)
        yield from mixed(depth - 1)
    yield ("leave", depth)


print(list(mixed(3)), len(list(mixed(9))))


# Exceptions from inside, into the chain, and handlers on the way.
def failing(n):
    for i in range(n):
        yield i
    raise ValueError("inside")


def guard(depth, log):
    try:
        yield from (failing(3) if depth == 0 else guard(depth - 1, log))
    except ValueError as e:
        log.append((depth, str(e), sys.exception() is e))
        if depth == 2:
            yield "handled"
            return
        raise
    finally:
        log.append(("finally", depth))


log = []
print(list(guard(4, log)), log)


def thrown(depth):
    while True:
        try:
            if depth:
                yield from thrown(depth - 1)
            else:
                yield "ready"
        except KeyError as e:
            yield ("caught", depth, e.args)


g = thrown(5)
print(next(g), g.throw(KeyError("a")), next(g), next(g), g.throw(KeyError("b")))
g.close()


# The frames between are there for whoever looks.
def names():
    f, found = sys._getframe(1), []
    while f and f.f_code.co_name != "<module>":
        found.append((f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, sorted(f.f_locals)))
        f = f.f_back
    return found


def looking(n):
    for i in range(n):
        yield len(names())
    yield names()


def level(depth, tag):
    local = [tag]
    yield from (looking(3) if depth == 0 else level(depth - 1, tag + 1))
    assert local == [tag]


g = level(3, 0)
for value in g:
    print(value)


def raising():
    yield 1
    yield 2
    raise RuntimeError


def through(depth):
    yield from (raising() if depth == 0 else through(depth - 1))


g = through(3)
next(g), next(g)
try:
    next(g)
except RuntimeError as e:
    tb, rows = e.__traceback__, []
    while tb:
        rows.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
        tb = tb.tb_next
    print(rows[1:])

# A generator of the chain that is already running, finished or shared.
shared = leaf(6)


def two(n):
    for _ in range(n):
        yield from shared


a, b = two(1), two(1)
print(next(a), next(b), next(a), next(b), list(a), list(b))


def cyclic():
    yield 1
    yield from me


me = cyclic()
print(next(me))
try:
    next(me)
except ValueError as e:
    print(e)


# A level replaced by other iterators between two steps of the same code.
def delegate(to):
    result = yield from to
    return result


def over(what):
    return (yield from delegate(what))


for what in (leaf(3), [1, 2], iter("ab"), leaf(2), {"k": 1}, (n for n in range(2)), types.SimpleNamespace):
    try:
        print(drive(over(what)))
    except TypeError as e:
        print(e)


# Coroutines.
class Wait:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        for i in range(self.n):
            yield i
        return self.n


async def base(n):
    return await Wait(n) + await Wait(2)


async def tower(depth, n):
    async with Manager():
        return await (base(n) if depth == 0 else tower(depth - 1, n)) + 1


class Manager:
    async def __aenter__(self):
        await Wait(1)

    async def __aexit__(self, *exc):
        await Wait(1)


print(drive(tower(4, 3)))
c = tower(3, 3)
print([c.send(None) for _ in range(6)], c.cr_await.cr_code.co_name, c.cr_running, c.cr_suspended)
try:
    c.throw(LookupError("stop"))
    c.throw(LookupError("stop again"))
except LookupError as e:
    print(repr(e))
c.close()

# Traced in the middle.
events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("chain", "leaf"):
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


g = chain(2, 4)
next(g), next(g)
sys.settrace(tracer)
next(g)
sys.settrace(None)
print(events)
print(next(g))
