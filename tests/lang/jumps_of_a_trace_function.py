"""Where a trace function may send its frame: out of handlers into a `finally`, not out of the arguments of a call into an expression."""
import sys


def run(function, jump_from, jump_to):
    """Calls function(output) and jumps between lines, counted from its `def`, at the first line event there."""
    output, first, done = [], function.__code__.co_firstlineno, []

    def trace(frame, event, arg):
        if event == "line" and frame.f_code is function.__code__ and frame.f_lineno == first + jump_from and not done:
            done.append(True)
            frame.f_lineno = first + jump_to
        return trace

    sys.settrace(trace)
    try:
        function(output)
    except Exception as e:
        output.append(f"{type(e).__name__}: {e}")
    finally:
        sys.settrace(None)
    print(function.__name__, jump_from, jump_to, output, sys.exception())


def handled(output):
    try:
        1 / 0
    except ZeroDivisionError:
        output.append(4)
        output.append(5)
    finally:
        output.append(7)
    output.append(8)


def nested(output):
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            output.append(5)
            output.append(6)
        finally:
            output.append(8)
    finally:
        output.append(10)
    try:
        {}["a"]
    except KeyError:
        output.append(14)
    output.append(15)


def arguments(output):
    a = 1
    print(
        output.append(3)
    )
    list.append(
        output, 6
    )
    (
        ( # 9
            a
            +
            10
        )
        +
        13
    )
    output.append(16)


for places in ((5, 7), (4, 8), (2, 7), (7, 4)):
    run(handled, *places)
for places in ((5, 8), (5, 10), (6, 14), (14, 5), (5, 15), (8, 6)):
    run(nested, *places)
for places in ((3, 9), (6, 9), (3, 16), (6, 10)):
    run(arguments, *places)
