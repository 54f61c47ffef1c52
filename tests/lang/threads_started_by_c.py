"""A thread that C code starts may call back into Python while others run, even if there was only one before."""
import ctypes
import threading

c_library = ctypes.CDLL(None)
start_type = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
c_library.pthread_create.argtypes = [ctypes.c_void_p, ctypes.c_void_p, start_type, ctypes.c_void_p]
c_library.pthread_join.argtypes = [ctypes.c_ulong, ctypes.c_void_p]
ensure = ctypes.pythonapi.PyGILState_Ensure
release = ctypes.pythonapi.PyGILState_Release
ensure.restype = ctypes.c_int
release.argtypes = [ctypes.c_int]

ROUNDS = 30000
items, counts, errors = [], {"both": 0}, []


def work(name):
    for i in range(ROUNDS):
        items.append((name, i))
        counts.setdefault((name, i), i)


@start_type
def foreign(argument):
    try:
        state = ensure()
        work("foreign")
        release(state)
        print(state, threading.current_thread() is not threading.main_thread())
    except BaseException as e:
        errors.append(e)
    return None


thread = ctypes.c_ulong()
print(threading.active_count())
assert c_library.pthread_create(ctypes.byref(thread), None, foreign, None) == 0
work("own")
assert c_library.pthread_join(thread, None) == 0
print(errors, len(items), len(counts), len(set(items)))
for name in "own", "foreign":
    print([i for n, i in items if n == name] == list(range(ROUNDS)))

state = ensure()
print(state, ctypes.pythonapi.PyGILState_Check())
release(state)
