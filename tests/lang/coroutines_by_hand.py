class Await:
    def __init__(self, v): self.v = v
    def __await__(self):
        got = yield self.v
        return got * 2
async def child(n):
    r = await Await(n)
    return r + 1
async def parent():
    total = 0
    for i in (1, 2):
        total += await child(i)
    return total
c = parent(); print(c.send(None), c.send(10), end=" ")
try:
    c.send(20)
except StopIteration as e:
    print("result", e.value)
print(type(c).__name__, c.cr_frame, c.cr_code.co_name)
try:
    c.send(None)
except RuntimeError as e:
    print(e)
c = child(1)
try:
    c.send(5)
except TypeError as e:
    print(e)
c.close()
c = child(1); c.send(None)
try:
    c.throw(KeyError("thrown"))
except KeyError as e:
    print(repr(e))
async def bad(): await 5
async def bad2(): await NotAwait()
class NotAwait:
    def __await__(self): return 5
for f in (bad, bad2):
    try:
        f().send(None)
    except TypeError as e:
        print(e)
import types
@types.coroutine
def old():
    x = yield "old"
    return x
async def uses(): return await old()
u = uses(); print(u.send(None))
try:
    u.send("new")
except StopIteration as e:
    print(e.value)
async def fin():
    try:
        await Await(1)
    finally:
        print("finally ran")
f = fin()
f.send(None)
f.close()
import inspect
print(inspect.iscoroutinefunction(fin), inspect.getcoroutinestate(f), inspect.isawaitable(Await(1)))
