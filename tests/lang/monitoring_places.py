# What monitors of calls and exceptions are told, and where: C_RETURN after classes and super(), the handler's place, the end of a frame.
import re
import sys

CASES = r'''
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
#### calls
def main():
    len([])
    [].append(1)
    sorted([3, 1], key=lambda x: -x)
    list(map(lambda x: x, [1]))
    str(3)
    int('3')
    try:
        int('x')
    except ValueError: pass
    'a'.join(['b'])
    dict(a=1)
    type('X', (), {})
    getattr([], 'append')
    isinstance(1, int)
    try:
        [].pop()
    except IndexError: pass
    try:
        None()
    except TypeError: pass
    try:
        len()
    except TypeError: pass
    max(1, 2)
    f = [].append
    f(1)
    list.append([], 1)
    object()
    print(end='')
    x = super
    import math
    math.sin(1)
    from math import cos
    range(3)
    enumerate([1])
    next(iter([1]))
    'x{}'.format(1)
    open
    bytes(3).hex()
    {}.get(1)
    {}.update({})
    '%s' % 3
    (lambda: 1)()
    [x for x in [1]].index(1)
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
#### method_calls
class O:
    def m(self, *a): return self
o = O()
def main():
    (o
      .m(1,
         2).m(
       3))
    (o.
      m)(
      4)
'''

m = sys.monitoring
E = m.events


def shown(value):
    if value is m.MISSING:
        return "MISSING"
    return repr(value) if isinstance(value, (int, str, tuple, type(None))) else type(value).__name__


def place(code, offset, whole):
    position = list(code.co_positions())[offset // 2]
    return position if whole else position[0]


def monitored(run, names):
    log = []
    m.use_tool_id(3, "test")

    def callback(name):
        def called(code, offset, value=None, argument=None):
            if code.co_filename != "case" or (name == "RAISE" and isinstance(value, StopIteration)):
                return
            if name in ("CALL", "C_RETURN", "C_RAISE"):
                what = getattr(value, "__name__", type(value).__name__), shown(argument)
            else:
                what = shown(value)
            # CPython gives an exception that comes out of a call the place before that
            log.append(f"{name} {code.co_name} {place(code, offset, name not in ('RAISE', 'PY_START', 'PY_UNWIND', 'PY_THROW'))} {what}")
        return called

    for name in names:
        m.register_callback(3, E.__dict__[name], callback(name))
    m.set_events(3, sum(E.__dict__[name] for name in names if name not in ("C_RETURN", "C_RAISE")))
    try:
        run()
    finally:
        m.set_events(3, 0)
        m.free_tool_id(3)
    return log


for name, source in re.findall(r"^#### (\w+)\n(.*?)(?=^####|\Z)", CASES, re.M | re.S):
    namespace = {"__name__": "case"}
    exec(compile(source, "case", "exec"), namespace)
    print("====", name)
    print(*monitored(namespace["main"], ["CALL", "C_RETURN", "C_RAISE"]), sep="\n")
    print(*monitored(namespace["main"], ["RAISE", "RERAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW"]), sep="\n")
    print(*monitored(namespace["main"], ["PY_START", "PY_YIELD", "PY_RETURN"]), sep="\n")
