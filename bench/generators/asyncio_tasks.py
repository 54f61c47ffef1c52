"""asyncio: thousands of small tasks, nested awaits, locks, semaphores, events, futures, timeouts, task groups."""
import asyncio


async def leaf(n):
    return n


async def chain(depth, n):
    return await leaf(n) if depth == 0 else 1 + await chain(depth - 1, n)


async def polite(n):
    for _ in range(3):
        await asyncio.sleep(0)
    return n


async def guarded(lock, box):
    async with lock:
        seen = box[0]
        await asyncio.sleep(0)
        box[0] = seen + 1


async def limited(semaphore, state):
    async with semaphore:
        state[0] += 1
        state[1] = max(state)
        await asyncio.sleep(0)
        state[0] -= 1


async def waiter(event, future):
    await event.wait()
    return await future


async def work():
    total = 0
    for n in range(9000):
        total += await chain(12, n)
    print(total)
    print(sum(await asyncio.gather(*(polite(n) for n in range(3000)))))
    lock, box = asyncio.Lock(), [0]
    await asyncio.gather(*(guarded(lock, box) for _ in range(1500)))
    semaphore, state = asyncio.Semaphore(10), [0, 0]
    await asyncio.gather(*(limited(semaphore, state) for _ in range(1500)))
    print(box, state)
    event, future = asyncio.Event(), asyncio.get_running_loop().create_future()
    waiting = [asyncio.create_task(waiter(event, future)) for _ in range(1000)]
    await asyncio.sleep(0)
    event.set()
    future.set_result(3)
    print(sum(await asyncio.gather(*waiting)))
    late = 0
    for _ in range(300):
        try:
            async with asyncio.timeout(0):
                await asyncio.sleep(10)
        except TimeoutError:
            late += 1
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(polite(n)) for n in range(500)]
    print(late, sum(task.result() for task in tasks))


def main():
    asyncio.run(work())


if __name__ == "__main__":
    main()
