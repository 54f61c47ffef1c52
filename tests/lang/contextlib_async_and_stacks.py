import asyncio, contextlib


@contextlib.asynccontextmanager
async def resource(name, fail=False):
    print("open", name)
    try:
        yield name
    except KeyError as e:
        print("suppressed", e)
    finally:
        print("close", name)
        if fail: raise RuntimeError("close failed")


class AsyncCM(contextlib.AbstractAsyncContextManager):
    async def __aexit__(self, *a): print("aexit", a[0] and a[0].__name__)


async def main():
    async with resource("a") as a, resource("b"):
        print("body", a)
    async with resource("k"): raise KeyError("inside")
    async with contextlib.AsyncExitStack() as stack:
        names = [await stack.enter_async_context(resource(n)) for n in "xy"]
        stack.push_async_callback(asyncio.sleep, 0)
        stack.callback(print, "sync callback", names)
        stack.enter_context(contextlib.suppress(OSError))
        raise OSError("gone")
    try:
        async with AsyncCM(), resource("f", fail=True): raise ValueError("first")
    except RuntimeError as e:
        print(e, repr(e.__context__))
    async with contextlib.aclosing(gen()) as g:
        async for x in g:
            print(x)
            break
    print(await decorated())


async def gen():
    try:
        yield 1
        yield 2
    finally:
        print("gen closed")


@resource("deco")
async def decorated(): return "decorated result"


asyncio.run(main())
with contextlib.ExitStack() as outer:
    inner = contextlib.ExitStack()
    inner.callback(print, "moved")
    kept = inner.pop_all()
    inner.close()
    outer.enter_context(kept)
    print("before")


class Cleanup(contextlib.ContextDecorator):
    def __enter__(self): print("start"); return self
    def __exit__(self, *a): print("stop")


@Cleanup()
def work(): return "worked"


print(work(), work.__name__)
try:
    with contextlib.ExitStack() as s:
        s.callback(lambda: 1 / 0)
        s.callback(lambda: {}["k"])
        raise ValueError("body")
except ZeroDivisionError as e:
    print(repr(e), repr(e.__context__), repr(e.__context__.__context__))


@contextlib.contextmanager
def broken(times):
    for _ in range(times): yield


for n in (0, 2):
    try:
        with broken(n): pass
    except RuntimeError as e:
        print(e)
with contextlib.chdir("/"): print(__import__("os").getcwd())
with contextlib.redirect_stderr(__import__("io").StringIO()) as err:
    print("hidden", file=__import__("sys").stderr)
print(err.getvalue())
