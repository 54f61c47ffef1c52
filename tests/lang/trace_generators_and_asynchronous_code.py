# Events and lines of generators, coroutines, comprehensions: what ends by StopIteration, what is thrown in.
import re
import sys

CASES = r'''
#### asyncfor
async def agen():
    for i in range(2):
        yield i
class It:
    def __init__(self): self.n = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.n += 1
        if self.n > 2:
            raise StopAsyncIteration
        return self.n
async def run():
    async for a in agen():
        x = a
    else:
        y = 1
    async for b in It():
        z = b
    l = [q async for q in agen() if q]
    async for a in agen(): pass
    return l
def main():
    try:
        run().send(None)
    except StopIteration:
        pass
#### asyncwith
class CM:
    async def __aenter__(self):
        return 1
    async def __aexit__(self, *a):
        return True
class Aw:
    def __await__(self):
        x = yield 1
        return x
async def run():
    async with CM() as c:
        x = 1
    async with CM():
        raise KeyError
    r = await Aw()
    return r
def main():
    c = run()
    c.send(None)
    try:
        c.send(3)
    except StopIteration as e:
        pass
#### comprehensions
def main():
    a = [i for i in range(3)]
    b = {i: j for i in range(2)
              for j in range(2)
              if i != j}
    c = {i
         for i in a
         if i}
    d = list(x * 2
             for x in a
             if x)
    e = [[j for j in range(i)]
         for i in range(3)]
    def f(): return [lambda: k for k in a]
    f()
    return sum(x for x in a)
#### generators
def main():
    def g():
        x = yield 1
        try:
            y = yield 2
        except ValueError:
            yield 3
        return 4
    def h():
        r = yield from g()
        return r
    i = g()
    next(i)
    i.send(3)
    i.throw(ValueError)
    try:
        next(i)
    except StopIteration:
        pass
    i = h()
    next(i)
    next(i)
    i.throw(ValueError)
    i.close()
    for q in h(): pass
    j = h()
    next(j)
    try:
        j.throw(KeyError)
    except KeyError: pass
    k = g()
    k.close()
    k = g()
    try:
        k.throw(TypeError)
    except TypeError:
        pass
    return list(h())
#### yields
def main():
    def g():
        a = (
          yield
          1)
        b = yield (
          a)
        yield \
          2
        (yield
          3)
        for i in (
          1, 2): yield i
        x = [(yield
          4)] if 0 else 5
        yield from (
          (1,
           2))
        r = yield from \
          h()
    def h():
        yield 1
        return 2
    list(g())
#### awaits
class A:
    def __await__(self): return iter([])
class B:
    def __await__(self): yield 1
async def co(): return 1
async def f():
    await A()
    await (
      B())
    x = await \
      co()
    x = (
      await co())
    y = await co() + \
      await co()
    return await (
      co())
def main():
    c = f()
    try:
        while True: c.send(None)
    except StopIteration: pass
'''


def shown(value):
    return repr(value) if isinstance(value, (int, str, tuple, type(None))) else type(value).__name__


def traced(run):
    """The events of sys.settrace in the case's code."""
    log = []

    def trace(frame, event, arg):
        if frame.f_code.co_filename != "case":
            return None
        arg = arg[0].__name__ if event == "exception" else shown(arg)
        log.append(f"{event} {frame.f_code.co_name} {frame.f_lineno} {arg}")
        return trace

    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(None)
    return log


def monitored_lines(run):
    log = []
    m = sys.monitoring
    m.use_tool_id(3, "test")

    def line(code, number):
        if code.co_filename == "case":
            log.append(f"{code.co_name} {number}")

    m.register_callback(3, m.events.LINE, line)
    m.set_events(3, m.events.LINE)
    try:
        run()
    finally:
        m.set_events(3, 0)
        m.free_tool_id(3)
    return log


for name, source in re.findall(r"^#### (\w+)\n(.*?)(?=^####|\Z)", CASES, re.M | re.S):
    namespace = {"__name__": "case"}
    code = compile(source, "case", "exec")
    print("====", name)
    if "def main" in source:
        exec(code, namespace)
        print(*traced(namespace["main"]), sep="\n")
        print("--", *monitored_lines(namespace["main"]), sep="\n")
    else:
        print(*traced(lambda: exec(code, namespace)), sep="\n")
