"""Frames of threads that work, come and go can be looked at meanwhile."""
import sys
import threading
import time

end = time.monotonic() + 0.5
seen = set()


def inner(depth):
    a, b, c = depth, str(depth), [depth]
    return inner(depth - 1) + len(c) if depth else 0


def generate():
    x = 0
    while time.monotonic() < end:
        x += inner(3)
        yield x


def work():
    for _ in generate():
        pass


def come_and_go():
    while time.monotonic() < end:
        short = threading.Thread(target=inner, args=(20,))
        short.start()
        short.join()


def look(frame):
    while frame:
        seen.add(frame.f_code.co_name)
        assert frame.f_lineno is None or frame.f_lineno >= frame.f_code.co_firstlineno
        assert frame.f_lasti >= -1
        assert all(isinstance(name, str) for name in frame.f_locals.keys())
        frame = frame.f_back


threads = [threading.Thread(target=f) for f in (work, come_and_go)]
for thread in threads:
    thread.start()
while time.monotonic() < end:
    for frame in sys._current_frames().values():
        look(frame)
for thread in threads:
    thread.join()
print(sorted(seen & {"work", "generate", "inner", "come_and_go", "look", "<module>"}))
