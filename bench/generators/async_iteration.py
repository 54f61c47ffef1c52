"""Async generators, async for and comprehensions, async context managers, driven by a small scheduler of our own."""
from collections import deque


class Pause:
    def __await__(self):
        yield self


async def count(limit, every):
    for n in range(limit):
        if n % every == 0:
            await Pause()
        yield n


async def evens(source):
    async for n in source:
        if n % 2 == 0:
            yield n


class Session:
    opened = closed = 0

    async def __aenter__(self):
        Session.opened += 1
        await Pause()
        return self

    async def __aexit__(self, *exc):
        Session.closed += 1


class Ticks:
    def __init__(self, limit):
        self.n, self.limit = 0, limit

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n += 1
        if self.n > self.limit:
            raise StopAsyncIteration
        return self.n


async def job(n):
    total = 0
    async with Session():
        async for value in evens(count(300 + n, 7)):
            total += value
    total += sum([value async for value in Ticks(200) if value % 3])
    source = count(50, 5)
    await source.__anext__()
    await source.aclose()
    return total


def run(coroutines):
    ready, results, switches = deque(enumerate(coroutines)), {}, 0
    while ready:
        n, coroutine = ready.popleft()
        switches += 1
        try:
            coroutine.send(None)
        except StopIteration as e:
            results[n] = e.value
        else:
            ready.append((n, coroutine))
    return results, switches


def main():
    Session.opened = Session.closed = 0
    results, switches = run([job(n) for n in range(800)])
    print(sum(results.values()), switches, Session.opened, Session.closed)


if __name__ == "__main__":
    main()
