"""Fields that are arrays of characters read and take text; elements take instances of their type."""
from ctypes import *


def attempt(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


class X(Structure):
    _fields_ = [("a", c_char * 3), ("w", c_wchar * 3), ("i", c_int), ("s", c_short * 2), ("n", c_char * 2 * 2), ("p", c_char_p)]


class Both(Union):
    _fields_ = [("text", c_char * 8), ("number", c_uint64)]


x = X(b"ab", "xyz", 5)
print(x.a, x.w, x.i, list(x.s), x.p)
x.a, x.w = b"xyz", "a"
print(x.a, x.w, bytes(x)[:3])
x.a = b"q\0r"
print(x.a, bytes(x)[:3])
attempt(lambda: setattr(x, "a", b"abcd"))
attempt(lambda: setattr(x, "a", "abc"))
attempt(lambda: setattr(x, "a", (c_char * 3)(b"a")))
attempt(lambda: setattr(x, "a", None))
attempt(lambda: setattr(x, "w", "abcd"))
attempt(lambda: setattr(x, "w", b"abc"))
x.i = c_int(77)
x.s = (1, c_short(2))
print(x.i, list(x.s))
attempt(lambda: setattr(x, "i", c_short(7)))
attempt(lambda: setattr(x, "s", (1, 2, 3)))
print([row[:] for row in x.n], type(x.n).__name__, type(X.n).__name__)
attempt(lambda: X(b"ab", b"text"))
b = Both(text=b"12345678")
print(b.text, hex(b.number))
b.number = 0x41
print(b.text)
print(list((c_int * 3)(c_int(4), 5, c_int(6))))
attempt(lambda: (c_int * 2)(c_short(4)))
attempt(lambda: (c_char_p * 1)(c_int(4)))


class Derived(c_char):
    pass


class Y(Structure):
    _fields_ = [("d", Derived * 4), ("e", Derived)]


y = Y(b"four", b"e")
print(y.d, type(y.e).__name__, y.e.value)
y.e = Derived(b"f")
print(y.e.value)
buffer = create_string_buffer(b"abc", 5)
attempt(lambda: delattr(buffer, "raw"))
attempt(lambda: delattr(buffer, "value"))
attempt(lambda: delattr(create_unicode_buffer("a"), "value"))
attempt(lambda: delattr(c_int(), "value"))
attempt(lambda: (c_char * 16).from_buffer(memoryview(bytearray(b"a" * 16))[::-1]))
attempt(lambda: (c_char * 4).from_buffer(memoryview(bytearray(b"a" * 16))[::2]))
