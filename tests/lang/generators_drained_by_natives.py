"""What natives make of a whole generator: sums, extremes, lists, whatever it yields, and what it sees of them meanwhile."""
import sys
import threading


def outcome(f):
    try:
        return repr(f())
    except BaseException as e:
        return f'{type(e).__name__}: {e} {e.__context__!r}'


def g(n, *bad):
    for i in range(n):
        yield i
    yield from bad


class E:

    def __init__(s, v):
        s.v = v

    def __bool__(s):
        raise ValueError('b%s' % s.v)

    def __add__(s, o):
        return E(s.v + 1)
    __radd__ = __add__

    def __lt__(s, o):
        return s.v < getattr(o, 'v', o)

    def __gt__(s, o):
        return s.v > getattr(o, 'v', o)

    def __repr__(s):
        return 'E%r' % s.v


def raising(n):
    for i in range(n):
        yield i
    raise KeyError('x')


def ret(n):
    for i in range(n):
        yield i
    return 'value'


def stop(n):
    yield 1
    raise StopIteration(3)


print(outcome(lambda: sum(g(10))))
print(outcome(lambda: sum(g(10, 1.5, 2, True, 3))))
print(outcome(lambda: sum(g(3, 2 ** 62, 2 ** 62, True, 5))))
print(outcome(lambda: sum(g(3, 1j, 2.5, 4))))
print(outcome(lambda: sum(g(3, E(3), 2))))
print(outcome(lambda: sum(g(3, 'a'))))
print(outcome(lambda: sum((x > 2 for x in range(6)), True)))
print(outcome(lambda: sum((x * 0.1 for x in range(10)), 0.0)))
print(outcome(lambda: sum(raising(5))))
print(outcome(lambda: sum(ret(5))))
print(outcome(lambda: list(stop(3))))
print(outcome(lambda: any(g(1, 0, None, False, '', [], 0.0, E(1)))))
print(outcome(lambda: any((x for x in (0, 0, 5, 1 / 1)))))
print(outcome(lambda: any(g(1))))
print(outcome(lambda: all((x for x in (1, True, 2, 'a', E(2))))))
print(outcome(lambda: all((x for x in (1, True, 2, 'a')))))
print(outcome(lambda: all((x for x in (1, 0, 2)))))
for m in (min, max):
    print(outcome(lambda: m(g(5))))
    print(outcome(lambda: m(g(5, 2.5, -1.0, 7.0, 3))))
    print(outcome(lambda: m(g(0))))
    print(outcome(lambda: m(g(0), default=4)))
    print(outcome(lambda: m((x for x in (1.0, float('nan'), 3.0, -0.0, 0.0)))))
    print(outcome(lambda: m((x for x in (float('nan'), 1.0)))))
    print(outcome(lambda: m(g(3, E(2), 1))))
    print(outcome(lambda: m(g(4), key=lambda x: -x)))
    print(outcome(lambda: m(3, 1, 2, key=lambda x: -x)))
    print(outcome(lambda: m(3, 'a')))
    print(outcome(lambda: m(1, 2, 3, 4, 5, 6, 7, 8, 9)))
    print(outcome(lambda: m()))
    print(outcome(lambda: m(1, 2, default=3)))
    print(outcome(lambda: m(1)))
    print(outcome(lambda: m([1, 2], [1, 3], [0])))
    print(outcome(lambda: m((1 if x == 3 else 2 ** 70 for x in range(5)))))
    print(outcome(lambda: m(1, key=None)))
    print(outcome(lambda: m(1, 2, foo=3)))
it = g(10)
print(any((x == 3 for x in it)), list(it))
it = g(10)
print(any(it), next(it), list(it), list(it))
it = (x for x in [0, 0, 7, 0, 8])
print(any(it), any(it), any(it), it.gi_running, it.gi_frame)


def selfie():
    yield 1
    yield list(it2)


it2 = selfie()
print(outcome(lambda: list(it2)), outcome(lambda: next(it2)))


def running():
    for i in range(3):
        yield (it3.gi_running, it3.gi_suspended)


it3 = running()
print(list(it3))
L = []


def watch():
    for i in range(5):
        yield len(L)


L.extend(watch())
print(L)
L = [1, 2]


def clearing():
    for i in range(40):
        if i == 20:
            L.clear()
        yield i


L.extend(clearing())
print(L)
print(sum((sum((y for y in range(x))) for x in range(20))), [sum((any((z == 2 for z in range(y))) for y in range(x))) for x in range(5)])


def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


print(list(tree(4)), sum(tree(6)), max(tree(5)), any(tree(0)), list((yield_ for yield_ in tree(3))))


def handler(n):
    for i in range(n):
        try:
            1 / 0
        except ZeroDivisionError as e:
            yield i
    yield type(sys.exception())


print(list(handler(3)))


def outer():
    try:
        raise KeyError('k')
    except KeyError:
        r = list((x for x in handler(2)))
        return (r, repr(sys.exception()))


print(outer())


def fin(log):
    try:
        for i in range(5):
            yield i
    finally:
        log.append('fin')


log = []
print(sum(fin(log)), log)
log = []
it = fin(log)
print(any((x > 2 for x in it)))
it.close()
print(log)
log = []
it = fin(log)
print(any(it))
print(outcome(lambda: it.throw(OSError('t'))))
print(log)


def deep(n):
    if n:
        yield sum(deep(n - 1))
    else:
        yield 1


print(sum(deep(60)))
print(outcome(lambda: sum(deep(100000)))[:14])


def frames():
    f = sys._getframe()
    yield f.f_back.f_code.co_name
    yield f.f_back.f_code.co_name


print(list(frames()))


class D:

    def __del__(s):
        pass


def churn():
    for i in range(20000):
        D()
        yield [i]


print(len(list(churn())), sum((len(x) for x in churn())))


def slow():
    yield 1
    yield 2


import asyncio


async def ag():
    for i in range(3):
        yield i


async def main():
    return ([x async for x in ag()], sum([x async for x in ag()]))


print(asyncio.run(main()))


def threads():

    def work():
        out.append(sum((x for x in range(20000))) + len(list((x for x in range(5000)))) + max((x for x in range(3000))))
    out = []
    ts = [threading.Thread(target=work) for _ in range(4)]
    for t in ts:
        t.start()
    for t in ts:
        t.join()
    return out


print(threads())


def starts_thread():
    yield 1
    t = threading.Thread(target=lambda: None)
    t.start()
    yield 2
    t.join()
    yield 3


print(list(starts_thread()), sum(starts_thread()))


class Odd:

    def __hash__(self):
        return 1

    def __eq__(self, other):
        seen.append(other)
        return other == 1


seen = []
print(sorted(set((n % 7 for n in range(100)))), len({Odd()}.union((n for n in range(5)))), seen)
print(outcome(lambda: set((x for x in (1, 'a', 2.5, (1, 2), [3])))), sorted(frozenset((str(n % 5) for n in range(50)))))
grown = {1}
grown.update((len(grown) for _ in range(4)))
print(grown)
