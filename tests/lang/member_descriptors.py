"""Attributes of native types that are members of a C structure in CPython: the kind of their descriptors and what assigning to them says."""
import bz2
import datetime
import inspect
import io
import lzma
import pickle
import re
import types
import zlib
from typing import ParamSpec, TypeVar


def attempt(f, *args):
    try:
        print(" ", repr(f(*args))[:60])
    except Exception as e:
        print(" ", type(e).__name__, e)


def f():
    pass


for subject, names in (
    (1j, "real imag"), (f.__code__, "co_argcount co_consts co_flags co_firstlineno co_name co_nlocals co_stacksize"), (len, "__module__ __name__"),
    (str.lower, "__name__ __objclass__ __qualname__"), (type.__dict__["__base__"], "__name__ __objclass__"), ("".lower, "__self__"),
    (int, "__base__ __basicsize__ __flags__ __itemsize__ __name__"), (datetime.timedelta(1), "days seconds microseconds"),
    (re.match("a", "a"), "endpos pos re string lastindex"), (re.compile("a"), "flags groups pattern groupindex"),
    (UnicodeDecodeError("u", b"ab", 0, 1, "r"), "start end reason object"), (ValueError(), "__suppress_context__ __cause__ args"),
    (zlib.decompressobj(), "eof unused_data unconsumed_tail"), (bz2.BZ2Decompressor(), "eof needs_input unused_data"),
    (lzma.LZMADecompressor(), "check eof needs_input unused_data"), (list[int], "__unpacked__ __origin__ __parameters__"),
    (TypeVar("T"), "__covariant__ __infer_variance__ __bound__"), (ParamSpec("P"), "__contravariant__"), (types, "__dict__"),
    (io.TextIOWrapper(io.BytesIO()), "line_buffering write_through name"), (pickle.Pickler(io.BytesIO()), "bin fast memo"),
):
    for name in names.split():
        kind = type(subject)
        descriptor = inspect.getattr_static(kind, name)
        print(kind.__name__, name, type(descriptor).__name__, inspect.ismemberdescriptor(descriptor), descriptor.__name__,
              descriptor.__qualname__, repr(descriptor).split(" at ")[0])
        attempt(descriptor.__get__, None)
        attempt(descriptor.__get__, [])
        if name not in ("__cause__", "fast", "bin", "start", "end", "object", "__suppress_context__", "memo", "args", "reason", "write_through", "name"):
            attempt(setattr, subject, name, 5)
            attempt(delattr, subject, name)
attempt(getattr, 1 + 2j, "imag")
e = UnicodeDecodeError("u", b"ab", 0, 1, "r")
e.start, e.end = 1, 2
print(e)
attempt(setattr, e, "start", "a")
attempt(delattr, e, "start")
attempt(setattr, ValueError(), "__suppress_context__", 5)
attempt(delattr, ValueError(), "__suppress_context__")
print(pickle.loads(pickle.dumps(complex.real)) is complex.real)
