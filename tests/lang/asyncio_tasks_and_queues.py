import asyncio
async def worker(name, q, out):
    while True:
        item = await q.get()
        if item is None: q.task_done(); return name
        await asyncio.sleep(0)
        out.append(item * item); q.task_done()
async def slow(n):
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print("cancelled", n); raise
async def fails(): await asyncio.sleep(0); raise ValueError("task failed")
async def main():
    q, out = asyncio.Queue(), []
    ws = [asyncio.create_task(worker(i, q, out), name=f"w{i}") for i in range(3)]
    for i in range(10): q.put_nowait(i)
    for _ in ws: q.put_nowait(None)
    await q.join(); print(sorted(out), await asyncio.gather(*ws), ws[0].get_name())
    print(await asyncio.gather(fails(), asyncio.sleep(0, "ok"), return_exceptions=True))
    t = asyncio.create_task(slow(1))
    await asyncio.sleep(0)
    t.cancel("why")
    try:
        await t
    except asyncio.CancelledError as e:
        print("caught", e.args, t.cancelled())
    try:
        async with asyncio.timeout(0.01): await slow(2)
    except TimeoutError as e:
        print("timeout", type(e).__name__)
    try:
        await asyncio.wait_for(slow(3), 0.01)
    except TimeoutError:
        print("wait_for timeout")
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fails()); tg.create_task(slow(4))
    except* ValueError as eg:
        print(eg.exceptions)
    lock, ev, sem = asyncio.Lock(), asyncio.Event(), asyncio.Semaphore(2); log = []
    async def critical(n):
        async with sem:
            await ev.wait()
            async with lock: log.append(n)
    ts = [asyncio.create_task(critical(i)) for i in range(4)]
    await asyncio.sleep(0)
    ev.set()
    await asyncio.wait(ts)
    print(sorted(log))
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    loop.call_soon(fut.set_result, "soon")
    print(await fut)
    loop.call_later(0.001, log.append, "later")
    await asyncio.sleep(0.02)
    print(log[-1])
    print(await asyncio.to_thread(lambda: sum(range(100))), await loop.run_in_executor(None, pow, 2, 10))
    async for c in asyncio.as_completed([asyncio.sleep(0.02, "b"), asyncio.sleep(0, "a")]): print(await c)
asyncio.run(main())
try:
    asyncio.run(fails())
except ValueError as e:
    print(e)
