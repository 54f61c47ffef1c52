"""The types of a native module are made ready when it is first imported, by whichever interpreter that is."""
import _codecs_jp
import _interpreters
import sys

# A module that makes instances of another one's types before that one is imported.
assert "_multibytecodec" not in sys.modules and "_collections" not in sys.modules
print(_codecs_jp.getcodec("shift_jis").decode(b"\x83\x65\x83\x58\x83\x67"))
import _queue

queue = _queue.SimpleQueue()
queue.put("first")
queue.put("second")
print(queue.get(), queue.qsize())

# Names that the program had interned before the types came; the other interpreter makes them ready.
known = [sys.intern(name) for name in ("total_seconds", "timedelta", "Random", "getstate", "unpack_from", "Struct")]
other = _interpreters.create()
print(_interpreters.exec(other, "import _datetime, _random, _struct; assert _datetime.timedelta(days=1).total_seconds() == 86400"))
_interpreters.destroy(other)

import _datetime
import _random
import _struct

day = _datetime.timedelta(days=1)
print(getattr(day, known[0])(), day.total_seconds(), getattr(_datetime, known[1]).__name__ == known[1])
print(known[0] in dir(day), known[0] in vars(type(day)), vars(type(day))[known[0]].__name__, hasattr(day, "no_such_name"))
print(getattr(_random, known[2])(1).random(), getattr(_random.Random, known[3]).__qualname__)
print(getattr(getattr(_struct, known[5])("<h"), known[4])(b"\1\0"))


class Later(_datetime.timedelta):
    total_seconds = None

    def __init__(self, *args, **kwargs):
        self.days_given = kwargs


later = Later(days=2)
print(later.total_seconds, later.days, later.days_given, super(Later, later).total_seconds())
try:
    _datetime.timedelta.total_seconds = 1
except TypeError as e:
    print(e)
try:
    day.total_second
except AttributeError as e:
    print(e)
print(sorted(c.__name__ for c in _datetime.date.__subclasses__()))
match later:
    case Later(days=2):
        print("matches")
