# What monitors of calls and exceptions are told, and where: C_RETURN after classes and super(), the handler's place, the end of a frame.
import sys

import traced

CHOSEN = {"with_", "starargs", "classes", "stopiter", "nested_exc", "try_finally", "raise_in_finally", "recursion_unwind",
          "asyncfor", "generators"}

m = sys.monitoring
E = m.events


def shown(value):
    return "MISSING" if value is m.MISSING else traced.shown(value)


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


programs = [(name, source) for kind in ("statements", "generators", "calls") for name, source in traced.programs(kind)
            if kind == "calls" or name in CHOSEN]
for name, source in programs:
    run = traced.prepared(source)
    print("====", name)
    print(*monitored(run, ["CALL", "C_RETURN", "C_RAISE"]), sep="\n")
    print(*monitored(run, ["RAISE", "RERAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW"]), sep="\n")
    print(*monitored(run, ["PY_START", "PY_YIELD", "PY_RETURN"]), sep="\n")
