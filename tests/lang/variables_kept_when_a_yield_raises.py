# A variable that a yield, a delegation or an await would set keeps its value when an exception comes instead.
import asyncio


class E(Exception):
    pass


def plain(x):
    try:
        x = yield 5
    except E:
        pass
    x += 4
    yield x


def with_temporary(x):
    try:
        x = [x, (yield 5), x]
    except E:
        x = [x]
    yield x


def augmented(x):
    try:
        x += yield 5
    except E:
        x *= 2
    yield x


def tuple_target(x, y):
    try:
        x, y = yield 5
    except E:
        pass
    yield x, y


def closed(x, seen):
    try:
        x = yield 5
    finally:
        seen.append(x)


def inner():
    yield 1
    return 7


def failing():
    yield 1
    raise E


def delegating(x, to):
    try:
        x = yield from to
    except E:
        pass
    x += 1
    yield x


def again(x):
    for _ in range(3):
        try:
            x = yield x
        except E:
            x += 100
    yield x


for start in (1, 2.5, 10**30):
    for kind in (plain, augmented, again):
        g = kind(start)
        next(g)
        print(kind.__name__, g.throw(E))
        g = kind(start)
        next(g)
        print(kind.__name__, g.send(3))
g = with_temporary(1)
next(g)
print(g.throw(E))
g = tuple_target(1, 2)
next(g)
print(g.throw(E))
seen = []
g = closed("kept", seen)
next(g)
g.close()
g = closed("kept too", seen)
next(g)
del g
import gc

gc.collect()
print(seen)
for to in (inner, failing):
    g = delegating(10, to())
    print([next(g), next(g)])
    g = delegating(10, to())
    next(g)
    print(g.throw(E))
g = delegating(10, iter([1, 2]))
print(next(g), g.throw(E))


async def wait(x, future):
    try:
        x = await future
    except E:
        pass
    x += 1
    return x


async def wait_for_task(x, future):
    try:
        x = await asyncio.create_task(wait_badly(future))
    except E:
        pass
    return x + 1


async def wait_badly(future):
    x = "unchanged"
    try:
        x = await future
    except E:
        assert x == "unchanged"
        raise
    return x


async def cancelled(x):
    try:
        x = await asyncio.sleep(10, "slept")
    except asyncio.CancelledError:
        return x


async def numbers(n):
    for i in range(n):
        try:
            i = yield i
        except E:
            yield -i


async def main():
    loop = asyncio.get_running_loop()
    for result in (5, E()):
        for coroutine in (wait, wait_for_task):
            future = loop.create_future()
            task = asyncio.create_task(coroutine(20, future))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
            print(coroutine.__name__, await task)
    task = asyncio.create_task(cancelled("kept"))
    await asyncio.sleep(0)
    task.cancel()
    print(await task)
    agen = numbers(5)
    print(await anext(agen), await anext(agen), await agen.athrow(E), await anext(agen))
    async for n in agen:
        print(n, end=" ")
    print()


asyncio.run(main())
