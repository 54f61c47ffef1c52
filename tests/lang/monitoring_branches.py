# Branch and jump events agree with co_branches(); an exception's way back is no jump; callbacks may move the frame.
import sys

m = sys.monitoring
E = m.events
m.use_tool_id(3, "test")


def record(function, *args, events):
    seen = []
    for event in events:
        name = {E.BRANCH_LEFT: "left", E.BRANCH_RIGHT: "right", E.JUMP: "jump", E.LINE: "line"}[event]
        m.register_callback(3, event, lambda code, *where, name=name: seen.append((name, *where)))
    m.set_local_events(3, function.__code__, sum(events))
    function(*args)
    m.set_local_events(3, function.__code__, 0)
    return seen


def loops(n):
    total = 0
    for i in range(n):
        if i % 2:
            total += 1
        elif i == 4 and total:
            break
    while n > 0:
        n -= 1
    return total


def handled():
    try:
        {}[1]
    except ValueError:
        pass
    except KeyError:
        pass
    return 1


def choose(text):
    if text.startswith("t"):
        return 1
    return 0


branches = list(loops.__code__.co_branches())
left, right = {(at, to) for at, to, _ in branches}, {(at, to) for at, _, to in branches}
seen = record(loops, 6, events=[E.BRANCH_LEFT, E.BRANCH_RIGHT])
print(len(branches), len(seen))
print(all((at, to) in (left if name == "left" else right) for name, at, to in seen))
print([name for name, *_ in record(handled, events=[E.JUMP])])
print([line - handled.__code__.co_firstlineno for _, line in record(handled, events=[E.LINE])])


def move(code, at, to):
    frame = sys._getframe(1)
    print(frame.f_lineno - code.co_firstlineno)
    frame.f_lineno += 1


m.register_callback(3, E.BRANCH_RIGHT, move)
m.set_local_events(3, choose.__code__, E.BRANCH_RIGHT)
print(choose("x"))
m.set_local_events(3, choose.__code__, 0)
