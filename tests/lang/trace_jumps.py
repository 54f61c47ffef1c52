# f_lineno = line in a trace function: out of loops, `with` and handlers, never into them.
import contextlib
import sys
import warnings

warnings.simplefilter("error")


@contextlib.contextmanager
def manager():
    out.append("enter")
    yield
    out.append("exit")


def out_of_loop():
    for i in range(3):
        out.append(i)
        out.append(-i)
    out.append("end")


def into_loop():
    out.append(1)
    for i in range(2):
        out.append(i)


def between_loops():
    for i in range(2):
        out.append(i)
    for j in range(20, 22):
        out.append(j)


def out_of_with():
    with manager():
        out.append("in")
        out.append("never")
    out.append("after")


def out_of_handler():
    try:
        1 / 0
    except ZeroDivisionError:
        out.append(1)
        out.append(2)
    out.append(repr(sys.exception()))


def into_handler():
    try:
        out.append(1)
    except ValueError:
        out.append(2)
    out.append(3)


def back():
    out.append(1)
    out.append(2)
    out.append(3)


def unbound():
    out.append(1)
    x = 2
    out.append(x)


def jump(function, start, end, event="line"):
    global out
    out = []
    first = function.__code__.co_firstlineno
    done = False

    def trace(frame, what, arg):
        nonlocal done
        if frame.f_code is not function.__code__:
            return None
        if what == event and frame.f_lineno == first + start and not done:
            done = True
            frame.f_lineno = first + end
        return trace

    sys.settrace(trace)
    try:
        function()
    except Exception as e:
        out.append(f"{type(e).__name__}: {e}".replace(str(first + end), "LINE"))
    sys.settrace(None)
    print(function.__name__, start, end, event, out)


jump(out_of_loop, 3, 4)
jump(into_loop, 1, 3)
jump(between_loops, 2, 4)
jump(out_of_with, 3, 4)
jump(out_of_handler, 5, 6)
jump(into_handler, 2, 4)
jump(into_handler, 2, 5)
jump(back, 3, 1)
jump(back, 2, 4)
jump(back, 2, -4)
jump(back, 0, 2, "call")
jump(back, 3, 1, "return")
jump(unbound, 1, 3)
jump(unbound, 2, 3)
try:
    sys._getframe().f_lineno = 3
except ValueError as e:
    print(e)
