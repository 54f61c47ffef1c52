"""Native functions and methods called in a wrong way: whose name the message gives, how it counts, and what is no error at all."""
import collections
import datetime
import decimal
import functools
import hashlib
import io
import itertools
import json
import locale
import operator
import pickle
import queue
import threading
import time
import types
import typing
import weakref
import zlib
import bz2
from xml.etree import ElementTree


def attempt(f, *args, **kwargs):
    try:
        result = f(*args, **kwargs)
    except Exception as e:
        print(f"  {type(e).__name__}: {e}")
    else:
        print(f"  {type(result).__name__}", result if type(result) in (int, str, bytes, bool, list, dict, type(None)) else "")


class L(list):
    pass


class S(str):
    pass


class Outer:
    class D(dict):
        pass


print("bound to an instance of a subclass")
for subject, name in ((L(), "reverse"), (L(), "append"), (Outer.D(), "clear"), (Outer.D(), "copy"), (S("a"), "upper"), (True, "bit_count"),
                      (ValueError(), "with_traceback"), (collections.OrderedDict(), "clear"), (collections.defaultdict(), "keys"),
                      (io.StringIO(), "writelines"), (datetime.datetime(2020, 1, 1), "weekday"), (L(), "__format__"), (L, "mro"),
                      (Outer.D, "fromkeys"), (5, "__format__"), (io.BytesIO(), "__enter__")):
    method = getattr(subject, name)
    attempt(method, 1, 2, 3)
    attempt(method, key=1)
print("not bound")
attempt(lambda: L().reverse(1))
attempt(lambda: list.reverse(L(), 1))
attempt(lambda: L.append(L()))

print("counted as with named parameters")
for method in (zlib.compressobj().compress, zlib.compressobj().flush, zlib.decompressobj().copy, io.BytesIO().getbuffer,
               io.BufferedReader(io.BytesIO()).truncate, ElementTree.Element("a").append, ElementTree.Element("a").itertext,
               pickle.Pickler(io.BytesIO()).dump, itertools.combinations, functools.cmp_to_key, memoryview):
    attempt(method)
    attempt(method, 1, 2, 3)
print("counted as arguments")
for method in (datetime.date.fromordinal, datetime.datetime.strptime, time.get_clock_info, json.decoder.scanstring,
               datetime.date(2020, 1, 1).__format__):
    attempt(method)
    attempt(method, 1, 2, 3, 4)
print("without a name")
attempt(decimal.Context().add, 1)
attempt(decimal.Context().add, 1, 2, 3)
attempt(decimal.Decimal(1).exp, 1, 2)
attempt(decimal.Decimal(1).exp, x=1)
attempt(decimal.Decimal(1).compare)
attempt(decimal.Decimal, 1, 2, 3)
print("rows that types share, and constructors without arguments")
attempt(itertools.takewhile)
attempt(itertools.dropwhile)
attempt(bz2.BZ2Decompressor, 1)
attempt(queue.SimpleQueue, 1, x=2)
attempt(operator.call)
attempt(io.IOBase, 1)
print("arguments in order")
for f, other in ((zlib.compress, "x"), (zlib.decompress, "x"), (zlib.crc32, "x"), (zlib.adler32, 1.5), (zlib.decompressobj().decompress, "x"),
                 (zlib.decompressobj().decompress, -1)):
    attempt(f, "text", other)
    attempt(f, b"", other)
print("None is no data")
attempt(hashlib.md5, None)
attempt(hashlib.blake2b, string=None)
attempt(hashlib.sha3_256, None, string=None)
attempt(locale.gettext, None)
attempt(locale.dgettext, None, "a\0b")
attempt(locale.strcoll, None, "a")
attempt(pickle.load, None)
print(io.TextIOWrapper(io.BytesIO(b"ab\ncd\nef\n")).readlines(3), io.BytesIO(b"ab\ncd\nef\n").readlines(3))
print("buffers")
attempt(b"".__buffer__)
attempt(memoryview(b"").__release_buffer__, 1, 2)

print("no error")
attempt(type.__prepare__, 1, 2, 3, 4)
attempt(type.__prepare__)
attempt(functools.lru_cache(len).__copy__, 1, 2)
attempt(iter([]).__init__, 1, 2, x=3)
attempt(types.MappingProxyType({}).items().__init__, 1)
attempt(object().__init__, 1)

print("names of attributes that are no names")
proxied = L()
for subject in (types.ModuleType("m"), types.MethodType(len, []), list[int], int | str, super(L, L()), weakref.proxy(proxied), L(), L, int,
                threading.local(), 5):
    attempt(type(subject).__getattribute__, subject, 5)
    attempt(type(subject).__setattr__, subject, None, 5)
    attempt(type(subject).__delattr__, subject, b"a")
attempt(list[int].__getattribute__, "".join(["__or", "igin__"]))
attempt(types.MethodType(len, []).__getattribute__, "".join(["__na", "me__"]))
attempt(list[int].__instancecheck__, 5)
attempt(lambda: isinstance(5, list[int]))

print("names of types")
print(type(iter("abc")).__name__, type(iter("")).__name__, type(iter("é")).__name__, type(iter(S("a"))).__name__)
for text in "abc", "aé", "a\u1234", "":
    iterator = iter(text)
    print(next(iterator, None), iterator.__length_hint__(), list(iterator), list(iterator), pickle.loads(pickle.dumps(iter(text))).__reduce__()[1:])
import sys
print(sys.get_asyncgen_hooks())
d = collections.defaultdict(int, a=1)
print(d.__init__(), d)
items = [1]
attempt(items.__imul__, None)
attempt(items.__imul__, "a")
try:
    items *= None
except TypeError as e:
    print(e)
