import asyncio
async def agen(n):
    try:
        for i in range(n):
            await asyncio.sleep(0)
            x = yield i
            if x: print("sent", x)
    finally:
        print("agen closed")
class AIter:
    def __init__(self): self.i = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.i += 1
        if self.i > 3: raise StopAsyncIteration
        return self.i
class ACM:
    async def __aenter__(self): print("aenter"); return self
    async def __aexit__(self, t, v, tb): print("aexit", t and t.__name__); return True
async def main():
    async for x in agen(2): print(x)
    else: print("exhausted")
    print([x async for x in AIter()], {x: y async for x in AIter() if x > 1 for y in "a"},
        [await asyncio.sleep(0, v) for v in "ab"])
    async with ACM() as a, ACM():
        raise ValueError("swallowed")
    g = agen(5); print(await g.__anext__(), await g.asend("hello"))
    try:
        await g.athrow(KeyError("k"))
    except KeyError as e:
        print("athrow", e)
    g = agen(3)
    await anext(g)
    await g.aclose()
    print(await anext(agen(0), "default"))
    ge = (x async for x in AIter()); print(type(ge).__name__, [v async for v in ge])
    try:
        async for x in 5: pass
    except TypeError as e:
        print(e)
    try:
        for x in agen(1): pass
    except TypeError as e:
        print(e)
    try:
        with ACM(): pass
    except TypeError as e:
        print(e)
asyncio.run(main())
