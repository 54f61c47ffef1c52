"""Trace, profile and monitoring functions that come while a native drains a generator."""
import sys
ev = []


def tr(f, e, a):
    if f.f_code.co_name in ('<genexpr>', 'traced'):
        ev.append((e, f.f_lineno - f.f_code.co_firstlineno, a if e != 'exception' else a[0].__name__))
    return tr


def traced():
    yield 1
    yield 2


sys.settrace(tr)
print(sum(traced()), list((x for x in traced())))
sys.settrace(None)
print(ev)
ev.clear()


def turns_on():
    yield 1
    sys.settrace(tr)
    sys._getframe().f_trace = tr
    yield 2
    yield 3
    sys.settrace(None)
    yield 4


print(list(turns_on()))
print(list(traced()))
print(ev)
prof = []


def turns_on_p():
    yield 1
    sys.setprofile(lambda f, e, a: prof.append((f.f_code.co_name, e)))
    yield 2
    yield 3
    sys.setprofile(None)
    yield 4


print(sum(turns_on_p()))
print(prof)
mon = sys.monitoring
mon.use_tool_id(2, 't')
mev = []
mon.register_callback(2, mon.events.PY_YIELD, lambda c, o, v: mev.append(('y', c.co_name, v)))
mon.register_callback(2, mon.events.PY_RESUME, lambda c, o: mev.append(('r', c.co_name)))


def turns_on_m():
    yield 1
    mon.set_events(2, mon.events.PY_YIELD | mon.events.PY_RESUME)
    yield 2
    yield 3
    mon.set_events(2, 0)
    yield 4


print(sum(turns_on_m()))
print(mev)
