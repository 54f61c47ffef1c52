# Events of trace functions around generators, delegation, bare `except:` and calls with opcode events.
import sys


def values():
    yield 0
    return 123


def loop():
    for i in values():
        pass
    return i


def delegate():
    got = yield from values()
    return got


def drive():
    for i in delegate():
        pass


class Ends:
    def __iter__(self):
        return self

    def __repr__(self):
        return "Ends()"

    def __next__(self):
        raise StopIteration


def own_iterator():
    for i in Ends():
        pass


def handlers():
    try:
        1 / 0
    except:
        pass
    finally:
        done = 1


def throw():
    g = values()
    next(g)
    try:
        g.throw(KeyError)
    except KeyError:
        pass


def record(function):
    def trace(frame, event, arg):
        if frame.f_code.co_filename != __file__:
            return None
        shown = arg[:2] if event == "exception" else arg
        print(f"  {frame.f_code.co_name} {frame.f_lineno - frame.f_code.co_firstlineno} {event} {shown}")
        return trace

    print(function.__name__)
    sys.settrace(trace)
    function()
    sys.settrace(None)


for function in (loop, drive, own_iterator, handlers, throw):
    record(function)


def switch_on():
    frame = sys._getframe(1)

    def trace(frame, event, arg):
        if frame.f_code.co_name == "stops_at_its_line":
            print("first event", event, frame.f_lineno - frame.f_code.co_firstlineno)
            frame.f_trace_opcodes = False
            sys.settrace(None)
        return trace

    frame.f_trace = trace
    frame.f_trace_opcodes = True
    sys.settrace(trace)


def stops_at_its_line():
    for i in range(2):
        switch_on()
        x = 1


stops_at_its_line()


# Falling out of an `async for` belongs to its line, whatever `break` stands in it
async def numbers():
    for i in range(2):
        yield i


async def loops():
    async for i in numbers():
        if i > 100:
            break


def line_events(coroutine):
    events = []

    def trace(frame, event, arg):
        if event != "exception":
            events.append((frame.f_lineno - frame.f_code.co_firstlineno, event))
        return trace
    sys.settrace(trace)
    try:
        coroutine.send(None)
    except StopIteration:
        pass
    sys.settrace(None)
    return events


print(line_events(loops()))
