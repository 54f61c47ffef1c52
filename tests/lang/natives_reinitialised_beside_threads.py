# What one thread uses while another gives it new contents: a Struct, partial's keywords, an exception's attributes.
import functools
import struct
import sys
import threading

sys.setswitchinterval(1e-5)


def beside(work, change, steps=20000):
    done = []

    def changing():
        while not done:
            change()

    other = threading.Thread(target=changing)
    other.start()
    try:
        for _ in range(steps):
            work()
    finally:
        done.append(True)
        other.join()


s = struct.Struct("<ii")
formats = iter(["<ii", "<qqqqqqqqqqqqqqqq", "<dd", "<hh"] * 1_000_000)


def pack():
    try:
        s.pack(1, 2)
    except struct.error:
        pass


beside(pack, lambda: s.__init__(next(formats)))
print("Struct", s.size in (4, 8, 16, 128))

names = [f"name{i}" for i in range(60)]
p = functools.partial(lambda **kw: len(kw))


def grow_and_shrink():
    p.keywords.update(dict.fromkeys(names))
    p.keywords.clear()


beside(lambda: p(), grow_and_shrink, 5000)
print("partial", p())

q = functools.partial(lambda *a: len(a), *range(3))
states = [(q.func, tuple(range(n)), {}, {}) for n in (0, 3, 14, 40)] * 100_000
states = iter(states)
beside(lambda: q(1), lambda: q.__setstate__(next(states)), 5000)
print("partial's state", q(1) in (1, 4, 15, 41))

e = UnicodeDecodeError("utf-8", b"\xff" * 100_000, 50_000, 50_001, "why")
short, long = b"x", b"\xff" * 100_000


def move():
    e.object = short
    e.start, e.end = 0, 1
    e.object = long
    e.start, e.end = 99_000, 99_001


beside(lambda: str(e), move, 5000)
print("error", str(e)[:5])
