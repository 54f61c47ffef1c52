# Events and lines of trace functions and line monitors, for all kinds of statements.
import re
import sys

CASES = r'''
#### try_finally
def main():
    for i in range(3):
        try:
            try:
                if i == 0:
                    x = 1
                elif i == 1:
                    raise ValueError(i)
                else:
                    continue
            finally:
                y = 2
        except ValueError as e:
            z = 3
        else:
            w = 4
    return 5
#### try_finally_return
def main():
    def f(n):
        try:
            if n:
                return n
            g = 1
        finally:
            h = 2
        return 7
    f(0)
    f(1)
#### with_
class C:
    def __init__(self, s): self.s = s
    def __enter__(self):
        return self
    def __exit__(self, *a):
        return self.s
def main():
    with C(False) as a:
        x = 1
    with C(True) as a, C(False) as b:
        raise ValueError
    with (C(True) as a,
          C(False) as b):
        y = 2
    for i in range(2):
        with C(True):
            if i:
                break
            continue
    with C(False):
        return 3
#### match_
def main():
    class P:
        __match_args__ = ('a', 'b')
        def __init__(self, a, b):
            self.a = a; self.b = b
    for v in [1, 'x', [1, 2], [1, 2, 3], {'k': 1}, P(1, 2), None, (1,), 5.0]:
        match v:
            case 1 | 2:
                r = 1
            case 'x':
                r = 2
            case [a, b]:
                r = 3
            case [a, *rest]:
                r = 4
            case {'k': k, **kw}:
                r = 5
            case P(a=1, b=q):
                r = 6
            case None:
                r = 7
            case float() as f if f > 10:
                r = 8
            case _:
                r = 9
#### decorators
def main():
    def deco(f):
        return f
    def deco2(n):
        return deco
    @deco
    @deco2(
        3
    )
    def g(a=1,
          b=2):
        return a
    g()
    @deco
    class K:
        x = 1
        def m(self):
            return self
    K().m()
    @deco
    async def h(): pass
#### lambda_
def main():
    f = lambda x: x + 1
    g = (lambda
         a,
         b=2:
         a +
         b)
    f(1)
    g(
        1
    )
    return f(
        g(1))
#### while_else
def main():
    n = 0
    while n < 3:
        n += 1
        if n == 2:
            continue
    else:
        m = 1
    while True:
        n -= 1
        if n < 0:
            break
    else:
        m = 2
    while n < 5: n += 1
    while not (n == 0 or n < -3):
        n -= 1
    for i in range(3):
        if i == 1: break
    else:
        m = 3
    for i in ():
        m = 3
    else:
        m = 4
    return m
#### del_assert
def main():
    x = [1, 2]
    del x[0]
    y = 1
    del y
    assert x
    assert x, "no"
    try:
        assert not x, \
            "msg"
    except AssertionError:
        pass
    try:
        assert (x and
                not x)
    except AssertionError as e:
        pass
    del x
#### chained
def main():
    a, b, c = 1, 2, 3
    if a < b < c:
        x = 1
    if a < b > c:
        x = 2
    else:
        x = 3
    if (a < b
        < c
        ):
        x = 1
    if a and b or c:
        x = 4
    if not a or not b and c:
        x = 5
    x = a if b else c
    if (a if b else c):
        x = 6
    y = a < b < c
    while a < b < c:
        a += 1
    return a or b
#### starargs
def main():
    def f(*a, **k):
        return a
    l = [1, 2]
    f(*l)
    f(*l, **{'a': 1})
    f(1,
      *l,
      x=2,
      **dict(b=1))
    a, *b = l
    [*l, *b]
    (*l, 1)
    {**{}, 'a': 1}
    print(*[], end='')
#### nested_exc
def main():
    try:
        try:
            1 / 0
        except ZeroDivisionError as e:
            raise KeyError from e
        finally:
            x = 1
    except KeyError:
        try:
            raise
        except KeyError:
            pass
    except:
        pass
    try:
        f()
    except (TypeError, ValueError):
        pass
    except Exception:
        y = 1
def f():
    try:
        raise RuntimeError
    except ValueError:
        pass
    finally:
        y = 2
#### except_star
def main():
    try:
        raise ExceptionGroup('a', [ValueError(1), TypeError(2)])
    except* ValueError as e:
        x = 1
    except* TypeError:
        x = 2
    try:
        try:
            raise ExceptionGroup('a', [ValueError(1), KeyError(2)])
        except* ValueError as e:
            x = 1
        else:
            x = 3
        finally:
            x = 4
    except ExceptionGroup:
        pass
    try:
        x = 1
    except* OSError:
        pass
    else:
        z = 1
#### classes
def main():
    class A:
        """doc"""
        x: int = 1
        y = x + 1
        def __init__(self):
            super().__init__()
            self.z = 1
        @property
        def p(self):
            return self.z
        @staticmethod
        def s():
            pass
        @classmethod
        def c(cls):
            pass
        def __getattr__(self, n):
            return n
        def __add__(self, o):
            return 1
        def __len__(self): return 3
        def __getitem__(self, i): return i
        def __bool__(self): return True
        def __contains__(self, i): return True
        def __iter__(self): return iter([1])
        def __eq__(self, o): return True
        def __hash__(self): return 1
        def __call__(self): return 2
    a = A()
    a.p
    a.s()
    a.c()
    a.q
    a + 1
    len(a)
    a[0]
    if a: pass
    1 in a
    for i in a: pass
    a == 1
    hash(a)
    a()
    str(a)
    {a: 1}
    [*a]
#### if_chain
def main():
    for i in range(4):
        if i == 0:
            a = 1
        elif i == 1:
            a = 2
        elif i == 2: a = 3
        else:
            a = 4
        if i: pass
        if i:
            pass
        else:
            pass
        if not i:
            b = 2
    if True:
        c = 1
    if 0:
        c = 2
    else:
        c = 3
    if __debug__:
        d = 1
    while 0:
        c = 1
    pass
#### module_level
"""doc"""
import sys
x = 1
def f():
    """doc"""
def g(): pass
f()
g()
class A: pass
class B(A):
    "doc"
    a = 1
if x:
    y = 2
for i in range(2):
    z = i
try:
    raise ValueError
except ValueError:
    pass
type T = int
del x
global_ = [i for i in range(2)]
x: int
y: str = 'a'
#### empty_module

#### docstring_only
"""doc"""
#### augmented
def main():
    x = [1]
    x[0] += 1
    x += [2]
    a = 1
    a += \
      2
    class C: pass
    c = C()
    c.x = 1
    c.x += 1
    c.x, c.y = 1, 2
    x[0], x[1] = x[1], x[0]
    (a := 3)
    if (n := len(x)) > 1:
        b = n
    a = b = 3
    global gg
    gg = 1
    gg += 1
    for c.x in range(2): pass
    for a, b in [(1, 2)]: pass
    with open('/dev/null') as c.y: pass
#### generic_funcs
def main():
    def f[T](x: T) -> T:
        return x
    f(1)
    class A[T]:
        y: T
    type X[T] = list[T]
    X.__value__
    f.__annotations__
    def g(a: int, b: str = 'x'): pass
    g.__annotations__
#### raise_in_finally
def main():
    try:
        try:
            raise ValueError
        finally:
            raise KeyError
    except KeyError:
        pass
    for i in [1, 2]:
        try:
            if i == 1:
                continue
            break
        finally:
            x = i
    while True:
        try:
            break
        finally:
            y = 1
    def f():
        try:
            return 1
        finally:
            return 2
    f()
    def g():
        for i in [1]:
            with open('/dev/null'):
                return i
    g()
#### recursion_unwind
def main():
    def f(n):
        if n == 0:
            raise ValueError
        try:
            f(n - 1)
        finally:
            x = 1
    try:
        f(2)
    except ValueError:
        pass
#### stopiter
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 2: raise StopIteration
        return self.n
def main():
    for a in It():
        pass
    list(It())
    it = iter([1])
    next(it)
    try:
        next(it)
    except StopIteration:
        pass
    next(it, None)
    a, b = It()
    [x for x in It()]
    try:
        a, b, c = It()
    except ValueError:
        pass
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
