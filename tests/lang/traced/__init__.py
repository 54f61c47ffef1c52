"""Programs for the tests of tracing and monitoring, and logs of what trace functions and monitors of lines are told of them.

A file beside this one holds the programs of one kind, each under a line `#### NAME`. What is traced of one is its main(), or all of it
where there is none.
"""
import pathlib
import re
import sys


def programs(kind):
    """(name, source) of each program of a kind, in order."""
    text = pathlib.Path(__file__).with_name(f"{kind}.txt").read_text()
    return re.findall(r"^#### (\w+)\n(.*?)(?=^####|\Z)", text, re.M | re.S)


def prepared(source):
    """A function without arguments that runs what is to be traced of a program. Its code is of the file "case"."""
    namespace = {"__name__": "case"}
    code = compile(source, "case", "exec")
    if "def main" not in source:
        return lambda: exec(code, namespace)
    exec(code, namespace)
    return namespace["main"]


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


def show(kind):
    """Prints the logs of all programs of a kind; of modules only that of the trace function."""
    for name, source in programs(kind):
        run = prepared(source)
        print("====", name)
        print(*traced(run), sep="\n")
        if "def main" in source:
            print("--", *monitored_lines(run), sep="\n")
