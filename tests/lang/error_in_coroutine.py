import asyncio


async def fetch(n):
    await asyncio.sleep(0)
    if n == 2:
        raise ConnectionError(f"host {n} unreachable")
    return n


async def main():
    results = []
    for n in range(4):
        results.append(await fetch(n))
    return results


try:
    asyncio.run(main())
except ConnectionError as e:
    trace = e.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    print(trace.tb_frame.f_code.co_name)

coroutine = fetch(2)
coroutine.send(None)
coroutine.send(None)
