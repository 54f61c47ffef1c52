"""_pickle: the bytes written, what is read back, and what broken data says, for every protocol."""
import io
import pickle
import pickletools
import hashlib
import threading


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return type(other) is Point and (self.x, self.y) == (other.x, other.y)


class Slotted:
    __slots__ = ("a", "__private")

    def __init__(self):
        self.a, self.__private = 1, [2]

    def both(self):
        return self.a, self.__private


class Keywords:
    def __new__(cls, *, size):
        self = super().__new__(cls)
        self.size = size
        return self

    def __getnewargs_ex__(self):
        return (), {"size": self.size}


class Items(list):
    pass


class Refuses:
    def __reduce__(self):
        return 42


VALUES = [
    None, True, False, 0, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 2**2100,
    0.0, -0.0, 1.5, 1e300, float("inf"), "", "abc", "é", "\u20ac", "\U0001f600", "\ud800", "a\\b\nc\0\x1a", "x" * 300,
    b"", b"a", b"\xff" * 300, bytearray(b"abc"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2],
    list(range(1001)), {}, {1: 2}, {"a": 1, "b": 2}, dict.fromkeys(range(1001)), set(), {1}, frozenset(), frozenset({1}),
    int, Point, len, Point.__init__, [].append, type(None), ..., NotImplemented, complex(1, 2), range(3), slice(1, 2),
]


def same(a, b):
    return a == b and type(a) is type(b)


for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    digest = hashlib.sha256()
    for value in VALUES:
        data = pickle.dumps(value, protocol)
        digest.update(data)
        back = pickle.loads(data)
        if not (same(back, value) or callable(value)):
            print("differs", protocol, value, back)
        stream = io.BytesIO()
        pickle.dump(value, stream, protocol)
        if stream.getvalue() != data:
            print("file differs", protocol, repr(value)[:40])
    print(protocol, digest.hexdigest())

for protocol in range(2, 6):
    p = Point(1, "two")
    data = pickle.dumps([p, p, Point(p, None)], protocol)
    a, b, c = pickle.loads(data)
    print(len(data), a is b, c.x is a, a == p, vars(a))
    print(pickle.loads(pickle.dumps(Slotted(), protocol)).both(), pickle.loads(pickle.dumps(Keywords(size=3), protocol)).size)
    items = Items([1, 2])
    items.note = items
    back = pickle.loads(pickle.dumps(items, protocol))
    print(back, back.note is back, type(back).__name__)

loop = []
loop.append((loop, {"self": loop}))
for protocol in range(6):
    back = pickle.loads(pickle.dumps(loop, protocol))
    print(back[0][0] is back, back[0][1]["self"] is back, len(pickle.dumps(loop, protocol)))

deep = []
for _ in range(100000):
    deep = [deep]
try:
    pickle.dumps(deep)
except RecursionError:
    print("RecursionError")
print(len(pickle.loads(b"]" * 100000 + b"a" * 99999 + b".")))

for value, protocol in [(Refuses(), 5), (lambda: 0, 5), ([1, {"k": (Refuses(),)}], 4), (io, 3), (pickle.PickleBuffer(b"x"), 4)]:
    try:
        pickle.dumps(value, protocol)
    except Exception as error:
        print(type(error).__name__, str(error).split(" at 0x")[0], getattr(error, "__notes__", None))

for data in [b"", b"\x80", b"\x80\x06.", b".", b"0.", b"(.", b"1.", b"a.", b"]a.", b"e.", b"(e.", b"](K\x01u.", b"}(K\x01u.",
             b"K", b"J\x01\x02.", b"\x8b\xff\xff\xff\xff.", b"I1.", b"Ix\n.", b"Lx\n.", b"Fx\n.", b"Sabc\n.", b"h\x05.",
             b"g-1\n.", b"p-1\n.", b"Np-1\n.", b"cnope\nnope\n.", b"cos\nnope\n.", b"\x80\x04\x8c\x02os\x8c\x04a.b.\x93.",
             b"K\x01K\x02\x93.", b"NN\x81.", b"NNN\x92.", b"NNR.", b"c__builtin__\nlen\n)R.", b"\x82\x00.", b"\x82\x01.",
             b"\x97.", b"N\x98.", b"N\x97.", b"Ppid\n.", b"NQ.", b"\xff", b"'", b"NN", b"\x80\x04\x95\x02\0\0\0\0\0\0\0NNN.",
             b"\x80\x04\x95\x01\0\0\0\0\0\0\0K\x01.", b"X\xff\xff\xff\xffabc", b"B\xff\xff\xff\xffabc",
             b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff", b"N}b.", b"NK\x01b.",
             b"cbuiltins\nobject\n)\x81K\x01b.", b"(K\x01d."]:
    for load in (pickle.loads, lambda data: pickle.load(io.BytesIO(data))):
        try:
            print(data[:20], load(data))
        except Exception as error:
            print(data[:20], type(error).__name__, error)

buffers = []
view = pickle.PickleBuffer(bytearray(b"payload"))
data = pickle.dumps([view, pickle.PickleBuffer(b"fixed")], 5, buffer_callback=buffers.append)
print(data, [bytes(b.raw()) for b in buffers], pickle.loads(data, buffers=buffers)[0] is view)
try:
    pickle.loads(data)
except pickle.UnpicklingError as error:
    print(error)
view.release()
try:
    view.raw()
except ValueError as error:
    print(error)


class Persistent(pickle.Pickler):
    def persistent_id(self, obj):
        return ("id", obj.x) if type(obj) is Point else None

    def reducer_override(self, obj):
        return (list, (("override",),)) if type(obj) is Slotted else NotImplemented


class Resolving(pickle.Unpickler):
    def persistent_load(self, pid):
        return pid

    def find_class(self, module, name):
        return super().find_class(module, name)


stream = io.BytesIO()
Persistent(stream).dump([Point(7, 8), Slotted(), {"k": Point(9, 0)}])
stream.seek(0)
print(Resolving(stream).load())

pickler = pickle.Pickler(stream := io.BytesIO(), 2)
shared = ["shared"]
pickler.dump(shared)
pickler.dump(shared)
print(stream.getvalue(), {v for v, _ in pickler.memo.copy().values()})
pickler.clear_memo()
print(pickler.memo.copy(), pickler.bin, pickler.fast)
stream.seek(0)
unpickler = pickle.Unpickler(stream)
print(unpickler.load(), unpickler.load(), unpickler.memo.copy())
print(pickletools.optimize(pickle.dumps((1, "a", "a"), 4)))

# One Pickler used by several threads at once: each call succeeds or is refused.
pickler = pickle.Pickler(io.BytesIO())
outcomes = set()


def work():
    for i in range(200):
        try:
            pickler.dump([Point(i, i)] * 10)
            outcomes.add("done")
        except RuntimeError as error:
            outcomes.add(str(error))


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(outcomes <= {"done", "Pickler object is already used"}, "done" in outcomes)
