"""asyncio: producers and consumers over queues, an echo of messages, a pipeline of stages, cancellation at the end."""
import asyncio


async def producer(queue, name, count):
    for n in range(count):
        await queue.put((name, n))


async def worker(queue, replies):
    while True:
        name, n = await queue.get()
        await replies.put((name, n * n % 97))
        queue.task_done()


async def collector(replies, totals):
    while True:
        name, value = await replies.get()
        totals[name] = totals.get(name, 0) + value
        replies.task_done()


async def stage(source, sink, change):
    while (item := await source.get()) is not None:
        await sink.put(change(item))
    await sink.put(None)


async def pipeline(count):
    queues = [asyncio.Queue(maxsize=8) for _ in range(4)]
    stages = [asyncio.create_task(stage(queues[i], queues[i + 1], lambda x, i=i: x * 3 + i)) for i in range(3)]

    async def feed():
        for n in range(count):
            await queues[0].put(n)
        await queues[0].put(None)

    feeder, total = asyncio.create_task(feed()), 0
    while (item := await queues[-1].get()) is not None:
        total += item
    await asyncio.gather(feeder, *stages)
    return total


async def work():
    queue, replies, totals = asyncio.Queue(maxsize=20), asyncio.Queue(), {}
    tasks = [asyncio.create_task(worker(queue, replies)) for _ in range(5)]
    tasks.append(asyncio.create_task(collector(replies, totals)))
    await asyncio.gather(*(producer(queue, f"p{n}", 1500) for n in range(4)))
    await queue.join()
    await replies.join()
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    print(sorted(totals.items()), [type(e).__name__ for e in ended][:2])
    print(await pipeline(3000))


def main():
    asyncio.run(work())


if __name__ == "__main__":
    main()
