"""Functions of the C API that programs reach through ctypes.pythonapi: capsules, exceptions sent to threads, numbers, bytes."""
import ctypes
import gc
import signal
import threading
import types
from ctypes import c_char_p, c_long, c_ssize_t, c_ulong, c_void_p, py_object, pythonapi

NAME = b"a.name"


def function(name, result, *arguments):
    f = pythonapi[name]
    f.restype, f.argtypes = result, arguments
    return f


new = function("PyCapsule_New", py_object, c_void_p, c_char_p, c_void_p)
get_pointer = function("PyCapsule_GetPointer", c_void_p, py_object, c_char_p)
get_name = function("PyCapsule_GetName", c_char_p, py_object)
get_context = function("PyCapsule_GetContext", c_void_p, py_object)
get_destructor = function("PyCapsule_GetDestructor", c_void_p, py_object)
is_valid = function("PyCapsule_IsValid", ctypes.c_int, py_object, c_char_p)
set_pointer = function("PyCapsule_SetPointer", ctypes.c_int, py_object, c_void_p)
set_context = function("PyCapsule_SetContext", ctypes.c_int, py_object, c_void_p)
set_name = function("PyCapsule_SetName", ctypes.c_int, py_object, c_char_p)
set_destructor = function("PyCapsule_SetDestructor", ctypes.c_int, py_object, c_void_p)


def attempt(f, *arguments):
    try:
        print(f(*arguments))
    except Exception as e:
        print(type(e).__name__, e)


capsule = new(4096, NAME, None)
print(type(capsule) is types.CapsuleType, repr(capsule).split(" at ")[0])
print(get_pointer(capsule, NAME), get_name(capsule), get_context(capsule), get_destructor(capsule))
print(is_valid(capsule, NAME), is_valid(capsule, b"other"), is_valid(3, NAME))
print(set_context(capsule, 7), get_context(capsule), set_pointer(capsule, 8), get_pointer(capsule, NAME))
OTHER = b"other"
print(set_name(capsule, OTHER), get_name(capsule), set_name(capsule, None), get_name(capsule))
attempt(new, None, NAME, None)
attempt(get_pointer, capsule, b"wrong")
attempt(set_pointer, capsule, None)
for f in get_name, get_context, get_destructor:
    attempt(f, [])
attempt(get_pointer, [], NAME)


@ctypes.CFUNCTYPE(None, c_void_p)
def destroyed(address):
    print("destroyed")


def make():
    set_destructor(new(16, NAME, None), ctypes.cast(destroyed, c_void_p))


def deeper(n):
    return make() if n == 0 else deeper(n - 1)


deeper(20)
gc.collect()

from_long = function("PyLong_FromLong", py_object, c_long)
as_long = function("PyLong_AsLong", c_long, py_object)
print(from_long(-5), from_long(2**62), as_long(-7), as_long(2**62), as_long(True))
attempt(as_long, 2**64)
attempt(as_long, "5")
print(function("PyBytes_FromStringAndSize", py_object, c_char_p, c_ssize_t)(b"ab\0cd", 4))
print(function("PyBytes_FromString", py_object, c_char_p)(b"text"))

text = ctypes.create_string_buffer(10)
print(pythonapi.PyOS_snprintf(text, c_ssize_t(10), b"%s=%d", b"number", ctypes.c_int(12345)), text.value)

get_signal = function("PyOS_getsig", c_void_p, ctypes.c_int)
set_signal = function("PyOS_setsig", c_void_p, ctypes.c_int, c_void_p)
handler = get_signal(signal.SIGINT)
signal.signal(signal.SIGINT, signal.SIG_IGN)
print(handler not in (0, 1, None), get_signal(signal.SIGINT), set_signal(signal.SIGINT, None), get_signal(signal.SIGINT))
signal.signal(signal.SIGINT, signal.default_int_handler)
print(get_signal(signal.SIGINT) == handler, ctypes.c_ssize_t(get_signal(1000)).value)

set_async_exc = function("PyThreadState_SetAsyncExc", ctypes.c_int, c_ulong, py_object)


class Sent(Exception):
    pass


started, caught = threading.Event(), []


def work():
    try:
        while True:
            started.set()
    except Sent as e:
        caught.append(repr(e))


thread = threading.Thread(target=work)
thread.start()
started.wait()
print(set_async_exc(thread.ident, Sent))
thread.join()
print(caught)
print(set_async_exc(1, Sent))
try:
    set_async_exc(threading.get_ident(), Sent)
    for i in range(1000):
        pass
except Sent:
    print("sent to itself")
