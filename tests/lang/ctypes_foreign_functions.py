"""ctypes: C data of all kinds, functions of the C library, callbacks, errors."""

import copy
import ctypes
import ctypes.util
import errno
import pickle
import sys
import threading
from ctypes import *


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_double)]


class Bits(Structure):
    _fields_ = [("a", c_int, 3), ("b", c_uint, 5), ("c", c_ubyte, 7), ("d", c_longlong, 40)]


class Packed(Structure):
    _layout_ = "ms"
    _pack_ = 1
    _fields_ = [("a", c_byte), ("b", c_int), ("c", c_short)]


class Inner(Union):
    _fields_ = [("i", c_int), ("f", c_float), ("bytes", c_ubyte * 4)]


class Outer(Structure):
    _anonymous_ = ["u"]
    _fields_ = [("kind", c_char), ("u", Inner), ("next", POINTER(Point)), ("name", c_char_p), ("more", Point * 2)]


class Derived(Point):
    _fields_ = [("z", c_short)]


class Node(Structure):
    pass


Node._fields_ = [("value", c_int), ("next", POINTER(Node))]


class MyInt(c_int):
    pass


class Division(Structure):
    _fields_ = [("quot", c_int), ("rem", c_int)]


def attempt(function):
    try:
        print(function())
    except Exception as e:
        print(type(e).__name__, e)


# Simple types.
for kind in (c_bool, c_char, c_wchar, c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong, c_longlong, c_ulonglong,
             c_float, c_double, c_longdouble, c_char_p, c_wchar_p, c_void_p, py_object):
    print(kind.__name__, kind._type_, sizeof(kind), alignment(kind), memoryview(kind()).format if kind is not py_object else "")
print(c_byte(200), c_ubyte(-1), c_short(1 << 20), c_int(1 << 40), c_ulong(-1), c_float(0.1), c_double(0.1), c_longdouble(2.5))
print(c_char(b"x"), c_wchar("\u20ac"), c_char_p(b"text").value, c_wchar_p("te\u20acxt").value, c_void_p(None), c_void_p(77).value)
print(c_double_complex(1 + 2j), c_float_complex(1.5j), py_object([1]).value, bool(c_int(0)), bool(c_int(4)))
print(bytes(c_int.__ctype_be__(258)), bytes(c_int.__ctype_le__(258)), c_int.__ctype_be__(5).value, bytes(c_double.__ctype_be__(1.0)))
x = c_int(5)
x.value += 3
print(x, x.value, MyInt(3).value, x == c_int(8))

# Arrays.
array = (c_int * 4)(1, 2, 3)
array[3] = 9
array[0:2] = [7, 8]
print(list(array), array[1:], array[::-1], len(array), array[-1], sizeof(array), type(array).__name__, c_int * 4 is c_int * 4)
matrix = (c_short * 3 * 2)((1, 2, 3), (4, 5, 6))
print([list(row) for row in matrix], memoryview(matrix).shape, memoryview(matrix).strides, memoryview(matrix).format)
text = create_string_buffer(b"hello", 10)
print(text.value, text.raw, sizeof(text), text[1], text[0:3])
text.value = b"bye"
print(text.raw, create_unicode_buffer("\u00e9t\u00e9").value)

# Structures and unions.
p = Point(1, y=2.5)
p.x += 1
print(p.x, p.y, Point.x, Point.y, sizeof(Point), alignment(Point), memoryview(p).format)
b = Bits(a=-1, b=33, c=100, d=-5)
print(b.a, b.b, b.c, b.d, sizeof(Bits), Bits.b, Bits.d.bit_offset, bytes(b))
print(sizeof(Packed), Packed.b.offset, Packed.c, bytes(Packed(1, 2, 3)))
o = Outer(kind=b"k", i=0x3F800000, name=b"name")
o.next = pointer(p)
o.next.contents.x = 40
o.more[1] = Point(5, 6)
o.more[0] = (7, 8)
print(o.f, list(o.bytes), p.x, o.name, o.more[1].y, o.more[0].x, Outer.i, Outer.more, o.next[0].y)
d = Derived(1, 2, 3)
print(d.x, d.y, d.z, sizeof(d), isinstance(d, Point))
nodes = [Node(i) for i in range(3)]
for first, second in zip(nodes, nodes[1:]):
    first.next = pointer(second)
print(nodes[0].next.contents.next.contents.value, bool(nodes[2].next))


class Big(BigEndianStructure):
    _fields_ = [("a", c_int), ("b", c_short)]


print(bytes(Big(1, 2)), Big(1, 2).a, sizeof(Big))

# Pointers and memory.
ip = pointer(c_int(3))
ip[0] = 12
print(ip.contents, ip[0], bool(ip), bool(POINTER(c_int)()), POINTER(c_int) is POINTER(c_int), POINTER(c_int).__name__)
print(cast(array, POINTER(c_int))[2], cast(array, POINTER(c_int))[0:4], cast(ip, c_void_p).value == addressof(ip.contents))
data = bytearray(b"\1\0\0\0\2\0\0\0")
view = (c_int * 2).from_buffer(data)
view[1] = 5
print(data, (c_int * 2).from_buffer_copy(bytes(data))[1], c_int.from_address(addressof(view)).value, c_int.from_buffer(data, 4))
print(string_at(text), string_at(text, 5), wstring_at(create_unicode_buffer("ab")), bytes(memoryview_at(text, 3)))
memmove(text, b"moved", 5)
memset(addressof(text) + 1, ord("*"), 2)
print(text.value)
resize(text, 100)
print(sizeof(text), text.value)

# Functions.
libc = CDLL(None, use_errno=True)
print(libc.abs(-5), libc.strlen(b"four"), libc.toupper(ord("a")), libc["abs"](-7))
libc.strtol.restype = c_long
libc.strtol.argtypes = [c_char_p, POINTER(c_char_p), c_int]
end = c_char_p()
print(libc.strtol(b"123abc", byref(end), 10), end.value, libc.strtol(b"ff", None, 16))
libc.strchr.restype = c_char_p
libc.strchr.argtypes = [c_char_p, c_char]
print(libc.strchr(b"abcdef", b"d"), libc.strchr(b"abc", b"z"))
libm = CDLL(ctypes.util.find_library("m") or "libm.so.6")
libm.pow.restype = c_double
libm.pow.argtypes = [c_double, c_double]
print(libm.pow(2, 10), libm.pow(2.0, 0.5))
libc.div.restype = Division
result = libc.div(17, 5)
print(result.quot, result.rem)
buffer = create_string_buffer(50)
libc.snprintf.argtypes = [c_char_p, c_size_t, c_char_p]
print(libc.snprintf(buffer, 50, b"%d %s %.2f", c_int(42), b"text", c_double(1.5)), buffer.value)
set_errno(0)
print(libc.open(b"/no/such/file", 0), errno.errorcode[get_errno()], set_errno(7), get_errno())


def checked(result, function, arguments):
    return result, function.__name__, arguments


libc.abs.errcheck = checked
print(libc.abs(-3))
prototype = CFUNCTYPE(c_int, c_int)
named = prototype(("abs", libc), ((1, "n", 4),))
print(named(), named(-6), named(n=-8))
outputs = CFUNCTYPE(c_double, c_double, POINTER(c_int))(("frexp", libm), ((1, "x"), (2, "exponent")))
print(outputs(8.0))


class Number:
    def __init__(self, n):
        self._as_parameter_ = n


print(libc.labs(Number(-11)))

# Callbacks.
compare = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
libc.qsort.restype = None
numbers = (c_int * 6)(5, 2, 9, 1, 7, 3)
libc.qsort(numbers, 6, sizeof(c_int), compare(lambda a, b: a[0] - b[0]))
print(list(numbers))
double = CFUNCTYPE(c_double, c_double, c_float, c_short)(lambda a, b, c: a * b + c)
print(double(2, 1.5, 4), CFUNCTYPE(c_char_p, c_char_p)(lambda s: None)(b"x"), CFUNCTYPE(None)(lambda: 5)())
print(CFUNCTYPE(c_int8, c_int8)(lambda n: n - 1)(-128), CFUNCTYPE(c_bool, c_int)(lambda n: n)(3), CFUNCTYPE(c_int, Point)(lambda p: int(p.x + p.y))(Point(3, 4.0)))
sys.unraisablehook = lambda u: print("unraisable:", type(u.exc_value).__name__, u.exc_value)
CFUNCTYPE(c_int)(lambda: 1 // 0)()


def sort_in_thread(out):
    values = (c_int * 200)(*((i * 7919) % 200 for i in range(200)))
    libc.qsort(values, 200, sizeof(c_int), compare(lambda a, b: a[0] - b[0]))
    out.append(list(values) == list(range(200)))


done = []
threads = [threading.Thread(target=sort_in_thread, args=(done,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(done)

# Copies and pickles.
print(pickle.loads(pickle.dumps(c_int(7))), copy.copy(p).x, list(copy.deepcopy(array)))
attempt(lambda: pickle.dumps(ip))

# Errors.
Callback = CFUNCTYPE(c_int, c_int)
for function in (
        lambda: c_int("x"), lambda: c_int(1, 2), lambda: c_char(b"ab"), lambda: c_char(300), lambda: c_wchar("ab"), lambda: c_char_p("s"),
        lambda: c_void_p("s"), lambda: array[9], lambda: array["x"], lambda: (c_int * 2)(1, 2, 3), lambda: c_int * -1,
        lambda: Point(1, 2, 3), lambda: Point(1, x=2), lambda: setattr(p, "x", "s"), lambda: Structure(), lambda: POINTER(c_int)(3),
        lambda: POINTER(c_int)().contents, lambda: ip[:], lambda: setattr(text, "value", b"x" * 200), lambda: setattr(text, "value", "s"),
        lambda: sizeof(3), lambda: byref(3), lambda: resize(c_int(), 2), lambda: c_int.from_buffer(b"abcd"), lambda: c_int.from_buffer_copy(b"a"),
        lambda: c_int.from_param("s"), lambda: POINTER(c_int).from_param(3), lambda: Point.from_param(3), lambda: c_char_p.from_param(3),
        lambda: c_void_p.from_param(1.5), lambda: libc.labs(1.5), lambda: libc.strtol(1), lambda: libc.strtol("a", 1, 2), lambda: CDLL("no such library.so"),
        lambda: Callback(abs)(), lambda: Callback(abs)("x"), lambda: Callback("x"), lambda: CFUNCTYPE(Point)(abs), lambda: cast(3, c_int),
        lambda: type("T", (Structure,), {"_fields_": [("a", 3)]}), lambda: type("T", (Structure,), {"_fields_": [("a", c_float, 3)]}),
        lambda: type("T", (Array,), {}), lambda: type("T", (Array,), {"_length_": 2}), lambda: setattr(Point, "_fields_", []),
        lambda: setattr(libc.labs, "argtypes", 3), lambda: setattr(libc.labs, "restype", 3), lambda: setattr(libc.labs, "errcheck", 3),
        lambda: hash(c_int(3)), lambda: py_object().value, lambda: (Point * 2)(3)):
    attempt(function)
