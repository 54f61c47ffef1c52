import contextlib
class CM:
    def __init__(self, name, swallow=False): self.name, self.swallow = name, swallow
    def __enter__(self): print("enter", self.name); return self.name
    def __exit__(self, t, v, tb):
        print("exit", self.name, t and t.__name__, v, tb is not None)
        return self.swallow
with CM("a") as a, CM("b") as b:
    print(a, b)
with CM("outer", swallow=True):
    with CM("inner"):
        raise ValueError("x")
with (CM("p") as p, CM("q"),):
    pass
def f():
    with CM("ret"):
        return "value"
print(f())
for i in range(2):
    with CM(i):
        if i == 0: continue
        break
@contextlib.contextmanager
def tag(n):
    print(f"<{n}>")
    try:
        yield n.upper()
    except KeyError as e:
        print("caught", e)
    finally:
        print(f"</{n}>")
with tag("h1") as t:
    print(t); raise KeyError("k")
@tag("deco")
def g(): print("in g")
g()
with contextlib.ExitStack() as st:
    st.enter_context(CM("s1", True))
    st.callback(print, "callback", 1)
    st.push(lambda *e: print("pushed", e[0] and e[0].__name__))
    raise OSError("stack")
with contextlib.suppress(ZeroDivisionError):
    1 / 0
import io
with contextlib.redirect_stdout(io.StringIO()) as out:
    print("captured")
print(repr(out.getvalue()), contextlib.nullcontext(5).__enter__())
class NoExit:
    def __enter__(self): pass
class NoEnter: pass
for K in (NoExit, NoEnter):
    try:
        with K(): pass
    except TypeError as e:
        print(e)
class BadExit(CM):
    def __exit__(self, *a): raise RuntimeError("from exit")
try:
    with BadExit("be"):
        raise ValueError("first")
except RuntimeError as e:
    print(e, repr(e.__context__))
with contextlib.closing(io.StringIO("z")) as z: pass
print(z.closed)
