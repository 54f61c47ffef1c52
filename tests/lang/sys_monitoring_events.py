import sys
mon = sys.monitoring
E = mon.events
TOOL = 3
log = []
mon.use_tool_id(TOOL, "test")
try:
    mon.use_tool_id(TOOL, "other")
except ValueError as e:
    print(e)
print(mon.get_tool(TOOL))
def work(n):
    total = 0
    for i in range(n):
        total += i
    if total > 100:
        raise KeyError(total)
    return total
mon.register_callback(TOOL, E.PY_START, lambda code, off: log.append(("start", code.co_name)))
mon.register_callback(TOOL, E.PY_RETURN, lambda code, off, v: log.append(("return", code.co_name, v)))
mon.register_callback(TOOL, E.LINE, lambda code, line: log.append(("line", line - code.co_firstlineno)))
mon.register_callback(TOOL, E.PY_UNWIND, lambda code, off, e: log.append(("unwind", repr(e))))
mon.register_callback(TOOL, E.RAISE, lambda code, off, e: log.append(("raise", repr(e))))
mon.set_local_events(TOOL, work.__code__, E.PY_START | E.PY_RETURN | E.LINE)
work(2)
print(log); log.clear()
mon.set_local_events(TOOL, work.__code__, 0)
mon.set_events(TOOL, E.RAISE | E.PY_UNWIND)
try:
    work(50)
except KeyError:
    pass
mon.set_events(TOOL, 0); print(log)
log.clear()
work(1)
print(log, mon.get_events(TOOL))
mon.free_tool_id(TOOL)
print(mon.get_tool(TOOL))
