import sys
events = []
def tracer(frame, event, arg):
    if frame.f_code.co_name in ("f", "g", "<listcomp>", "gen"):
        events.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, arg if event == "return" else arg and arg[0].__name__))
    return tracer
def g(x):
    if x > 1:
        raise ValueError("big")
    return x
def gen():
    yield 1
    yield 2
def f():
    total = 0
    for i in range(3):
        try:
            total += g(i)
        except ValueError:
            total -= 1
    while total < 2:
        total += 1
    return [x for x in gen()]
sys.settrace(tracer)
f()
sys.settrace(None)
for e in events: print(*e)
print(sys.gettrace())
calls = []
def prof(frame, event, arg):
    calls.append((event, frame.f_code.co_name, getattr(arg, "__name__", None) if event.startswith("c_") else None))
def h():
    len([]); return max(1, 2)
sys.setprofile(prof)
h()
sys.setprofile(None)
print(calls[:6])
