# Lines of statements and expressions that stand on many of them.
import re
import sys

CASES = r'''
#### multiline
def main():
    x = (1 +
         2)
    y = [x,
         x + 1,
         f(x)
         ]
    z = dict(a=x,
             b=y,
             **{'c': 3})
    w = (x
         if y
         else z)
    v = (x and
         y and
         z)
    u = x < \
        5 < \
        10
    t = f"""{x}
    {y}
    {z}"""
    s = (a,
         b) = 1, 2
    print(x,
          y, file=Null())
    return (x,
            y)
class Null:
    def write(self, s): pass
def f(x): return x
#### cmp
def main():
    a, b = 1, 2
    x = (a
      <
      b
      <
      3)
    if (a
      <
      b
      <
      3): pass
    y = (not
       (a <
        b))
    z = (
      a
      ==
      1)
    z = (
      1
      ==
      a)
#### boolop
def main():
    a, b = 1, 0
    x = (a
      and
      b
      and
      1)
    x = (1
      and
      b)
    x = (0
      or
      b)
    x = (
      a
      or
      b)
    if (1
       and
       a):
        pass
    if (a
       and
       b): pass
    elif (a
       or
       b): pass
    while (b
       or
       not
       a):
        pass
    x = (
       (a and
        b)
       or
       (b or
        a))
#### ifexp
def main():
    a, b = 1, 0
    x = (a
      if
      b
      else
      3)
    x = (1
      if
      a
      else
      3)
    x = (
      b
      if (a and
         b)
      else
      a)
    return (
      a
      if
      b else
      b)
#### calls
def f(*a, **k): return a
class O:
    x = 1
    def m(self, *a): return self
o = O()
def main():
    a = 1
    f(
      1,
      a,
      k=
      2)
    f(
      *
      [a,
       1],
      **
      {}
      )
    o.m(
      1
      ).m(
       a
      )
    o \
      .m(1) \
      .m(2) \
      .x
    f(
      a)(
      ) if 0 else 1
    x = f(
      f(
      a),
      f
      (
      1
      )
      )
    (
     f(a))
#### lambda
def main():
    b = 1
    f = lambda: (
      b)
    f()
    g = lambda x=(
      b): x
    g(
     )
    (lambda
      x:
      x +
      b)(
      1)
#### returns
def main():
    a = 1
    def f1():
        return (
          1)
    def f2():
        return (
          a)
    def f3(b):
        return (
          b)
    def f4():
        return (
          1 +
          a)
    def f5():
        try:
            return (
              a)
        finally:
            a
    def f6():
        return \
          None
    def f7(b):
        if b: return 1
        else: return 2
    def f8(b):
        return (b
            or
            1)
    f1(); f2(); f3(1); f4(); f5(); f6(); f7(0); f8(0)
#### stmts
def main():
    a = 1
    assert (
      a
      )
    assert (a
      ), (
      a)
    try:
        raise (
          ValueError
          )
    except (
      KeyError,
      ValueError
      ) as e:
        pass
    for i in (
      1,
      2):
        pass
    for (
      i
      ) in (
      a,
      a): pass
    with open(
      '/dev/null'
      ) as (
      f): pass
    while (
      a
      ): a = 0
    if (
      a
      ): pass
    elif (
      not
      a
      ): a = 1
    match (
      a):
        case (
          2 |
          1): pass
    import math, \
      sys
    from math import (
      sin,
      cos)
    def f(
      x=(
       a),
      *,
      y=
      2
      ) -> (
       int): pass
    class A(
      object,
      metaclass=
      type
      ): pass
    (
      a)
    (
      a.real)
    print(
      end=''
    ); x = 1
    'a'
    1
    ...
#### binop
def main():
    a, b = 1, 2
    x = (a
      +
      b)
    x = (a +
      1)
    x = (1
      +
      a)
    x = (a -
      1 -
      b)
    x = (a
      *
      b
      +
      1)
    x = - (
      a)
    x = (not
      a)
    x = (a,
      )[
      0]
    x = (a
      is
      None)
    x = (a
      in
      (1,
       2))
#### loops
def main():
    l = [1, 2]
    for i in l: a = i
    for i in l: pass
    for i in l:
        if i: continue
        a = 1
    for i in l:
        if i:
            continue
        else:
            a = 1
    for i in l:
        try:
            a = 1
        except ValueError:
            pass
    for i in l:
        try:
            if i: raise ValueError
        except ValueError:
            pass
    for i in l:
        with open('/dev/null'):
            pass
    for i in l:
        with open('/dev/null') as f:
            continue
    for i in l:
        for j in l:
            for k in l: pass
    for i in l:
        for j in l:
            pass
        else:
            b = 1
    n = 0
    while n < 2:
        n += 1
    while n:
        n -= 1
        if n: continue
    while True:
        n += 1
        if n > 2: break
    while 1:
        n += 1
        if n > 4:
            break
    while n < 6: n += 1
    while True:
        if n: break
    for i in l:
        while n:
            n -= 1
    for i in l:
        match i:
            case 1: pass
            case _: pass
    for i in l:
        def g(): pass
        g()
    for i in l:
        if not i:
            b = 1
    for i in l:
        if i == 1:
            b = 1
        elif i == 2:
            b = 2
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
