import contextvars, threading, asyncio
v = contextvars.ContextVar("v", default="dflt"); w = contextvars.ContextVar("w")
print(v.get(), v.name)
tok = v.set("one")
print(v.get(), tok.old_value is contextvars.Token.MISSING, tok.var is v)
v.reset(tok)
print(v.get())
try:
    w.get()
except LookupError as e:
    print(type(e).__name__)
print(w.get("given"))
ctx = contextvars.copy_context()
def change(): v.set("inside"); return v.get()
print(ctx.run(change), v.get(), ctx[v], v in ctx, len(ctx), list(ctx.values()))
try:
    v.reset(tok)
except RuntimeError as e:
    print("used once")
with v.set("scoped"): print(v.get())
print(v.get())
seen = []
t = threading.Thread(target=lambda: seen.append(v.get()), context=ctx)
t.start()
t.join()
print(seen)
async def task(n):
    v.set(n)
    await asyncio.sleep(0)
    return v.get()
async def main():
    v.set("main"); print(await asyncio.gather(task(1), task(2)), v.get())
asyncio.run(main())
try:
    ctx.run(lambda: ctx.run(lambda: None))
except RuntimeError as e:
    print("already entered" in str(e))
