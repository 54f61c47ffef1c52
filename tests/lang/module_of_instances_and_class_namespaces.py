# __module__ of instances of native classes and of type parameters; what asking for annotations, and making a class, adds to a namespace.
import array
import collections
import contextvars
import datetime
import decimal
import functools
import io
import itertools
import operator
import pickle
import re
import struct
import threading
import types
import typing
import weakref


def generic[T, *Ts, **P]():
    pass


class Generic[T]:
    pass


type Alias[T] = list[T]

objects = [
    re.compile("a"), re.match("a", "a"), functools.partial(int), functools.lru_cache(len), functools.Placeholder,
    itertools.count(), itertools.product(), array.array("i"), collections.deque(), collections.defaultdict(),
    collections.OrderedDict(), datetime.date.today(), datetime.datetime.now(), datetime.timedelta(), datetime.timezone.utc,
    struct.Struct("i"), io.BytesIO(), io.StringIO(), operator.itemgetter(1), threading.Lock(), threading.local(),
    decimal.Decimal(1), contextvars.ContextVar("v"), contextvars.copy_context(), types.SimpleNamespace(), list[int],
    pickle.PickleBuffer(b""), weakref.ref(Generic), t"{1}", t"{1}".interpolations[0], typing.NoDefault, 1, [], slice(1),
    typing.ParamSpec("P").args, typing.ParamSpec("P").kwargs, typing.TypeVar("V"), typing.ParamSpec("P"),
    typing.TypeVarTuple("Ts"), Alias, memoryview(b""), range(1), (x for x in ()), generic.__code__,
    *generic.__type_params__, *Generic.__type_params__, *Alias.__type_params__,
]
for o in objects:
    print(type(o).__name__, getattr(o, "__module__", "none"), "__module__" in type.__dict__["__dict__"].__get__(type(o)))

namespace = {}
exec("def f[T](): pass\nimport typing\nV = typing.TypeVar('V')", namespace)
print(namespace["f"].__type_params__[0].__module__, namespace["V"].__module__)


class Deque(collections.deque):
    pass


print(Deque().__module__, collections.deque.__module__, "__module__" in dir(collections.deque()))


@functools.wraps(functools.partial(int))
def wrapped():
    pass


print(wrapped.__module__)
print(pickle.loads(pickle.dumps(functools.Placeholder)) is functools.Placeholder)


# What was never annotated remembers that, too.
class Bare:
    pass


class Base:
    x: int


class Derived(Base):
    pass


def added(c):
    return [k for k in vars(c) if k.startswith("__ann")]


for c in Bare, Base, Derived:
    before = added(c)
    print(c.__name__, before, c.__annotate__ is None, added(c), c.__annotations__, added(c))
print(Bare.__dict__["__annotate_func__"], Bare().__annotate_func__)
Bare.__annotate__ = lambda format: {"y": str}
print(Bare.__annotations__, added(Bare))
Bare.__annotations__ = {}
print(added(Bare))


# The order of what a class adds to its namespace.
class Equal:
    __slots__ = ("b", "a")

    def __eq__(self, other):
        return True


class EqualWithDoc:
    "doc"

    def __eq__(self, other):
        return True


for c in Bare, Equal, EqualWithDoc, Deque:
    print(list(vars(c)))
