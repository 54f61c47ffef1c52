import struct
for fmt, vals in (("<bBhHiIqQ", (-1, 255, -2, 65535, -3, 2**32 - 1, -2**63, 2**64 - 1)), (">hIl", (1, 2, 3)),
    ("=?c4s3p", (True, b"x", b"abcdef", b"pq")), ("!fd", (1.5, -2.25)), ("<e", (0.333,)), ("@bi", (1, 2)),
    ("<2xb3h", (7, 1, 2, 3)), ("P", (12345,)), ("nN", (-5, 5)), ("0s", (b"",))):
    b = struct.pack(fmt, *vals); print(fmt, struct.calcsize(fmt), b, struct.unpack(fmt, b))
s = struct.Struct("<HB")
print(s.format, s.size, s.pack(1, 2), list(s.iter_unpack(b"\1\0\2\3\0\4")), s.unpack_from(b"zz\5\0\6", 2))
buf = bytearray(8)
struct.pack_into(">I", buf, 2, 0xdeadbeef)
print(buf)
for fmt, vals in (("b", (200,)), ("B", (-1,)), ("h", ("x",)), ("ii", (1,)), ("z", ()), ("c", (b"ab",)),
    ("f", (1e300,)), ("<q", (2**63,)), ("3", ()), ("s", ("str",)), ("<n", (1,)), ("e", (1e6,))):
    try:
        print(struct.pack(fmt, *vals))
    except (struct.error, OverflowError) as e:
        print(fmt, type(e).__name__, e)
try:
    struct.unpack("<I", b"abc")
except struct.error as e:
    print(e)
import array
a = array.array("i", [1, 2, 3])
a.append(4)
a.extend([5, 6])
print(a, a.itemsize, a.tobytes()[:4], a[1:3], a.index(3), a.typecode, list(reversed(a)), a.pop(), sum(a),
    a.count(1))
a.byteswap()
print(a[0])
print(array.array("d", [1.5]), array.array("w", "hé"), array.array("B", b"ab").tolist(),
    array.array("b", [1]) + array.array("b", [2]), array.array("f", [0.1])[0])
for code in ("array.array('b', [200])", "array.array('z')", "array.array('i', ['a'])", "a.append(1.5)",
    "a + [1]"):
    try:
        print(eval(code))
    except (OverflowError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
