"""await of a coroutine that was made in the same expression: it runs as a call does until it waits."""
import sys, asyncio, traceback, types
async def leaf(n): return n
async def waits():
    await asyncio.sleep(0)
    return 5
async def deep(n):
    if n == 0:
        await asyncio.sleep(0)
        return 'bottom'
    return await deep(n-1)
async def deep_now(n):
    return n if n == 0 else 1 + await deep_now(n-1)
async def raises(): raise KeyError('x')
async def stop(): raise StopIteration(3)
async def catches(n):
    try:
        await raises()
    except KeyError as e:
        x = await leaf(n)
        await asyncio.sleep(0)
        assert isinstance(sys.exception(), KeyError)
        y = await waits()
        return (x, y, str(sys.exception()))
    finally:
        await leaf(1)
async def reraises():
    try:
        await raises()
    except KeyError:
        await leaf(2)
        raise
class CM:
    async def __aenter__(self): return await leaf('in')
    async def __aexit__(self, *a):
        await asyncio.sleep(0)
        return True
class Lazy:
    @property
    async def value(self): return 42
    async def __getitem__(self, k): await asyncio.sleep(0); return k
async def frames():
    f = sys._getframe()
    g = f.f_generator
    assert isinstance(g, types.CoroutineType), g
    assert g is f.f_generator and g.cr_running and g.cr_frame is f, (g.cr_frame, f)
    try: g.send(None)
    except ValueError as e: print(e)
    await asyncio.sleep(0)
    assert f.f_generator is g
    return g
async def frames2():
    f = sys._getframe()
    return f, f.f_generator
async def outer_handled():
    try: 1/0
    except ZeroDivisionError:
        async def inner():
            print(repr(sys.exception()))
            try: raise ValueError
            except ValueError:
                await asyncio.sleep(0)
                print(repr(sys.exception()))
            await asyncio.sleep(0)
            print(repr(sys.exception()))
            return 1
        r = await inner()
        print(repr(sys.exception()))
        return r
async def args(*a, k=3, **kw): return a, k, kw
async def cells(a):
    b = a
    async def f(): 
        nonlocal b
        b += 1
        await asyncio.sleep(0)
        return b
    return await f() + await f()
async def agen(n):
    for i in range(n):
        yield await leaf(i)
        await asyncio.sleep(0)
async def seq():
    print(await leaf(1), await waits(), await deep(5), await deep_now(200), await catches(7))
    async with CM() as x:
        print(x); raise ValueError
    print(await Lazy().value, await Lazy()['k'])
    g = await frames()
    print(g.cr_frame, g.cr_running, type(g))
    f, g = await frames2()
    print(f.f_generator, g.cr_frame, g.cr_await)
    print(await outer_handled(), sys.exception())
    print(await args(1, 2, 3, k=4, z=5), await args(*range(3), **{'q': 1}))
    print(await cells(1))
    print([i async for i in agen(3)], [await leaf(i) for i in range(3)])
    for c in (reraises, stop):
        try: await c()
        except BaseException as e:
            print(type(e), e, [ (f.name, f.lineno, f.line) for f in traceback.extract_tb(e.__traceback__)])
    try: await deep_now(10**6)
    except RecursionError as e: print('recursion', e)
    t = asyncio.create_task(deep(3))
    await asyncio.sleep(0); t.cancel()
    try: await t
    except asyncio.CancelledError: print('cancelled')
    events=[]
    async def traced():
        sys.settrace(lambda fr, ev, a: events.append((ev, fr.f_code.co_name)) or (lambda *x: events.append((x[1], x[0].f_code.co_name, x[0].f_lineno))))
        await leaf(2)
        await asyncio.sleep(0)
        sys.settrace(None)
    await traced()
    print([e for e in events if e[1] in ('leaf', 'traced', 'seq')])
asyncio.run(seq())
async def top(): return await leaf(3)
c = top()
try: c.send(None)
except StopIteration as e: print(e.value)
