"""What C code keeps with code objects, modules and isolates by name and number: ctypes.pythonapi."""
import ctypes
import gc
import os
import sys
import threading
import types
from ctypes import POINTER, c_char_p, c_int, c_int64, c_ssize_t, c_void_p, py_object, pythonapi

FREE = ctypes.CFUNCTYPE(None, c_void_p)
freed = []


def function(name, result, *arguments):
    f = pythonapi[name]
    f.restype, f.argtypes = result, arguments
    return f


request = function("PyUnstable_Eval_RequestCodeExtraIndex", c_ssize_t, FREE)
set_extra = function("PyUnstable_Code_SetExtra", c_int, py_object, c_ssize_t, c_void_p)
get_extra = function("PyUnstable_Code_GetExtra", c_int, py_object, c_ssize_t, POINTER(c_void_p))
free = FREE(freed.append)


def get(code, index):
    value = c_void_p()
    return get_extra(code, index, value), value.value


def f():
    pass


first, second = request(free), request(FREE(0))
code = f.__code__
print(second - first, get(code, first), get(code, second))
print(set_extra(code, first, 10), get(code, first), set_extra(code, second, 20), get(code, second), freed)
print(set_extra(code, first, 11), get(code, first), freed)
print(set_extra(code, first, None), get(code, first), freed)
third = request(free)
print(set_extra(code, third, 30), get(code, third), get(code, second), get(code.replace(co_name="g"), second))
print(get(code, 1000), get(code, -1))
for wrong in (lambda: set_extra(code, 1000, 1), lambda: set_extra(f, first, 1), lambda: get(f, first)):
    try:
        wrong()
    except SystemError as e:
        print(str(e).rpartition(": ")[2])


def make():
    for i in range(3):
        namespace = {}
        exec("def g(): return 1", namespace)
        set_extra(namespace["g"].__code__, first, 100 + i)
        set_extra(namespace["g"].__code__, third, 200 + i)


def deeper(n):
    return make() if n == 0 else deeper(n - 1)


freed.clear()
deeper(20)
for i in range(3):
    gc.collect()
print(sorted(freed))

# Threads: a number is handed out once, and the last value stays.
shared = request(FREE(0))
indices = []
start = threading.Barrier(8)


def work():
    start.wait()
    own = request(FREE(0))
    indices.append(own)
    for i in range(100):
        set_extra(code, own, own * 1000 + i)
        set_extra(code, shared, i + 1)
    assert get(code, own) == (0, own * 1000 + 99)
    assert 1 <= get(code, shared)[1] <= 100


threads = [threading.Thread(target=work) for _ in range(8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(set(indices)), get(code, shared), get(code, third))

add_module = function("PyImport_AddModuleRef", py_object, c_char_p)
made = add_module(b"ctypes_code_extra_made")
print(type(made) is types.ModuleType, made.__name__, sys.modules["ctypes_code_extra_made"] is made,
      add_module(b"ctypes_code_extra_made") is made, add_module(b"sys") is sys)

current = function("PyInterpreterState_Get", c_void_p)
main = function("PyInterpreterState_Main", c_void_p)
identity = function("PyInterpreterState_GetID", c_int64, c_void_p)
print(current() == main(), identity(current()))

def frames(x):
    locals_ = function("PyEval_GetFrameLocals", py_object)()
    print(locals_, function("PyEval_GetFrameGlobals", py_object)() is globals())
    print(function("PyEval_GetFrameBuiltins", py_object)() is vars(__import__("builtins")))
    locals_["x"] = 2
    proxy = function("PyFrame_GetLocals", py_object, py_object)(sys._getframe())
    print(x, proxy["x"])
    proxy["x"] = 3
    print(x)


frames(1)
set_extra(code, third, None)
sys.stdout.flush()
os._exit(0)  # CPython goes on calling the functions when it ends, when those written in Python are gone
