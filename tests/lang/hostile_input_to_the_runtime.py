import marshal
import pickle
import re
import struct
import sys
import zlib
import random
import json

r = random.Random(3)
survived = 0
good = [marshal.dumps([1, "a", (2.5, {3: b"x"}), {4}, None, 2**70]),
    pickle.dumps([1, "a", {2: (3.5, None)}], 4), b'{"a": [1, 2.5, null, "x\\u00e9"]}',
    zlib.compress(b"hello" * 20)]
loaders = [marshal.loads, pickle.loads, json.loads, zlib.decompress]
for data, load in zip(good, loaders):
    for _ in range(600):
        bad = bytearray(data)
        for _ in range(r.randrange(1, 4)):
            at = r.randrange(len(bad))
            if r.random() < 0.5: bad[at] = r.randrange(256)
            elif r.random() < 0.5: del bad[at]
            else: bad.insert(at, r.randrange(256))
        try:
            load(bytes(bad))
        except (ValueError, EOFError, TypeError, KeyError, IndexError, AttributeError, MemoryError,
            OverflowError, ImportError, pickle.UnpicklingError, zlib.error, RecursionError, SystemError,
            NotImplementedError, UnicodeError) as e:
            pass
        survived += 1
print(survived)
for f in (lambda: "%*d" % (2**62, 1), lambda: "{:{}}".format(1, 2**62), lambda: "x".center(2**62), lambda: "a" * 2**62, lambda: [0] * 2**61, lambda: (1,) * 2**61, lambda: b"x".ljust(2**62), lambda: bytearray(2**62), lambda: 1 << 2**62,
          lambda: range(2**62)[2**63], lambda: "abc".expandtabs(2**62), lambda: struct.pack("%ds" % 2**62, b""), lambda: re.compile("a{%d}" % 2**62), lambda: "".join(["x" * 2**20] * 2**42), lambda: list(range(2**62)) if 0 else [None] * (sys.maxsize // 8), lambda: int("1" * 5000),
          lambda: "a".replace("", "x" * 2**20).join("b" * 3) and "y".zfill(2**62), lambda: bytes(sys.maxsize), lambda: memoryview(b"").cast("B", [2**62]), lambda: 10**-400 and 2.0**100000, lambda: (2**100000) / 3, lambda: float("1" * 400), lambda: round(1e308, -400) and round(2.0, 2**70)):
    try:
        f()
        print("fine")
    except (MemoryError, OverflowError):
        print("too large")
    except (ValueError, IndexError, struct.error, TypeError, re.error) as e:
        print(type(e).__name__)


class Liar(list):
    def __len__(self): return 10**9
    def __iter__(self): return iter([1])
    def __length_hint__(self): return 2**62


class Hint:
    def __iter__(self): return iter([1])
    def __length_hint__(self): return -1 if self.bad else 10**12
    bad = False


print(list(Liar()), sorted(Liar()), sum(Liar()), [*Liar()], bool(Liar()))
h = Hint()
h.bad = True
try:
    list(h)
except (ValueError, MemoryError) as e:
    print(type(e).__name__, e)
d = {}
exec("x = 1", d)
for bad in ("\0", "x" * 10 + "\n\0", "\ud800", "a" * 100_000, "1" * 5000, "'" + "\\" * 99_999, "#" * 100_000,
    "\n" * 100_000, "(" * 300, "f'" + "{" * 500 + "'"):
    try:
        compile(bad, "<bad>", "exec")
        print("compiled")
    except (SyntaxError, ValueError, MemoryError) as e:
        print(type(e).__name__)
