# A trace function moves a generator that yields or goes on, and into the body of a case; why it may not, by event; the line of a module's
# start, and of instructions that have none; the replaced trace function is let go of.
import sys
import warnings

warnings.simplefilter("ignore")


def moved(function, event, line, number=1):
    """Runs the function; at its number-th event it is moved to its line."""
    code, count = function.__code__, 0

    def trace(frame, what, arg):
        nonlocal count
        if frame.f_code is not code and frame.f_code.co_name != "generator":
            return None
        if what == event and (frame.f_code is code) == (function is not run):
            count += 1
            if count == number:
                try:
                    frame.f_lineno = frame.f_code.co_firstlineno + line
                except ValueError as e:
                    print(e)
        return trace

    out.clear()
    sys.settrace(trace)
    function()
    sys.settrace(None)
    print(event, line, out)


out = []


def generator():
    out.append(1)
    yield 2
    out.append(3)


def run():
    out.extend(generator())


for event in "return", "call", "line", "exception":
    for line in 1, 3:
        for number in 1, 2:
            moved(run, event, line, number)


def cases():
    match out:
        case []:
            out.append(1)
        case [x]:
            out.append(2)
    out.append(3)


for line in 5, 6:
    moved(cases, "line", line)


def profiled(frame, event, arg):
    if event in ("c_call", "c_return") and frame.f_code is calls.__code__:
        try:
            frame.f_lineno = 1
        except ValueError as e:
            print(event, e)


def calls():
    len([])


sys.setprofile(profiled)
calls()
sys.setprofile(None)

for source in "", "x = 1", "'doc'", "\n\nif 1:\n  pass":
    log = []
    code = compile(source, "case", "exec")

    def trace(frame, event, arg):
        if frame.f_code is code:
            log.append((event, frame.f_lineno))
        return trace

    sys.settrace(trace)
    exec(code)
    sys.settrace(None)
    print(log, list(code.co_lines())[0][2], next(code.co_positions()))


class Tracer:
    def __call__(self, *args):
        pass

    def __del__(self):
        print("gone")


sys.settrace(Tracer())
sys.settrace(None)
print("after")
sys.setprofile(Tracer())
sys.setprofile(None)
print("after")
