# sys.monitoring: throws, bare raises, the call that switches events on, and local events set at the start of code.
import sys

M = sys.monitoring
E = M.events
M.use_tool_id(2, "test")
seen = []


def gen():
    yield 1


def throw():
    g = gen()
    next(g)
    try:
        g.throw(IndexError)
    except IndexError:
        pass


def again():
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            raise
    except Exception:
        pass


def watch(events, function):
    seen.clear()
    for event in events:
        M.register_callback(2, getattr(E, event), lambda code, *rest, event=event: seen.append((event, code.co_name)))
    M.set_events(2, sum(getattr(E, event) for event in events if event[:2] != "C_"))
    function()
    M.set_events(2, 0)
    for event in events:
        M.register_callback(2, getattr(E, event), None)
    print(function.__name__, seen)


watch(["PY_THROW", "RAISE", "EXCEPTION_HANDLED", "PY_UNWIND"], throw)
watch(["RAISE", "RERAISE", "EXCEPTION_HANDLED"], again)
watch(["CALL", "C_RETURN"], lambda: len(""))


def start(code, offset):
    if code.co_filename == "<text>":
        M.set_local_events(2, code, E.LINE)


M.register_callback(2, E.PY_START, start)
M.register_callback(2, E.LINE, lambda code, line: print(code.co_name, "line", line))
M.set_events(2, E.PY_START)
exec(compile("x = 1", "<text>", "exec"))
exec(compile("x = 1\ny = 2\n", "<text>", "exec"))
M.set_events(2, 0)
M.free_tool_id(2)
