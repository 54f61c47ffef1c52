"""How natives whose signature says more than one would think take their arguments, and what they say about wrong ones."""
import atexit
import collections
import datetime
import functools
import inspect
import sys
import time


def show(function, *args, **kwargs):
    try:
        print(repr(function(*args, **kwargs)).split(" at 0x")[0])
    except Exception as e:
        print(type(e).__name__, e)


show(functools.partial)
show(functools.partial, func=3)
show(functools.partial, 3)
show(functools.partial, max, func=3)
show(functools.partial(max, 1, key=abs), -2)
show(atexit.register)
show(atexit.register, 3)
show(atexit.register, print, "at", "the", end=" end\n")
show(type.__prepare__)
show(type.__prepare__, "C", ())
show(type.__prepare__, "C", (), key=1)
for args in ((), (1,), (1, "name"), (1, 2, 3)):
    show(property(max).__set_name__, *args)
show(abs)
show(abs, 1, 2)
for text, part in (("banana", "an"), (b"banana", b"an"), (bytearray(b"banana"), b"an")):
    for name in ("count", "find", "index", "rfind", "rindex", "startswith", "endswith"):
        method = getattr(text, name)
        show(method)
        show(method, part)
        show(method, part, 2)
        show(method, part, None, 4)
        show(method, part, None, None)
        show(method, part, 1, 3, 4)
        show(method, part, start=1)
numbers = collections.deque([1, 2, 3, 1])
show(numbers.index, 1)
show(numbers.index, 1, 1)
show(numbers.index, 1, 1, 3)
show(numbers.index, 1, 0, sys.maxsize)
show(numbers.index, 1, None)
show(numbers.index)
show(numbers.index, 1, 0, 1, 1)
show("a".center, 5)
show("a".center, 5, "-")
show("a".center, 5, None)
show(memoryview(b"abc").index, 99, 1)


class Delta(datetime.timedelta):
    pass


hours = datetime.timedelta(hours=7)
show(hours.__rtruediv__, datetime.timedelta(hours=14))
show(hours.__rfloordiv__, datetime.timedelta(hours=15))
show(hours.__rmod__, datetime.timedelta(hours=15))
show(hours.__rdivmod__, datetime.timedelta(hours=15))
show(hours.__rmod__, 15)
show(lambda: 15 // hours)
show(lambda: hours % Delta(hours=2))
show(datetime.datetime(2026, 11, 29, 5).ctime)

# __text_signature__ says of whom the first argument is, and what may be given by name.
for value in (len, sum, time.get_clock_info, list.append, dict.fromkeys, dict.__dict__["fromkeys"], str.maketrans, int.from_bytes,
              str.count, "".count, type.__prepare__, print, functools.partial, list, object, sys.exc_info, iter([]).__next__):
    print(getattr(value, "__name__", value), value.__text_signature__)

# A class without a signature of its own, and one that has its native base's.
class Named(list):
    pass


class Sized(time.struct_time):
    pass


for cls in (Named, Sized, bytearray, functools._lru_cache_wrapper):
    try:
        print(cls.__name__, inspect.signature(cls), cls.__text_signature__)
    except ValueError as e:
        print(e)
