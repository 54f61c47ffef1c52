"""Calls the functions of native modules and the methods of native types with random arguments, and prints what comes of it.

usage: call_maker.py SEED COUNT [PATTERN]

Each function whose label matches the pattern is called COUNT times. A line for each call is a JSON list: label, arguments, result or
"! Type: message". The arguments of a label depend on the seed and the label alone, so that two interpreters can be compared, and one
call made again. No addresses are printed; functions of clocks, the process or the terminal are left out.
"""

import itertools
import json
import os
import random
import re
import resource
import signal
import sys
import types

# What functions come from, and what instances are made of.
import _abc, _bisect, _blake2, _codecs, _collections, _csv, _datetime, _elementtree, _functools, _heapq, _io, _json, _locale  # noqa: E401
import _md5, _operator, _pickle, _queue, _random, _sha1, _sha2, _sha3, _sre, _statistics, _string, _struct, _types, _typing  # noqa: E401
import array, ast, binascii, builtins, bz2, cmath, codecs, collections, contextvars, datetime, decimal, fractions, functools  # noqa: E401
import hashlib, io, lzma, math, mmap, operator, pickle, pyexpat, string, struct, threading, time, typing, unicodedata, weakref, zlib  # noqa: E401

MODULES = [builtins, math, cmath, _operator, _functools, binascii, zlib, _struct, _collections, array, _heapq, _bisect, unicodedata,
           _datetime, _codecs, _string, _json, _csv, _io, _sre, _statistics, itertools, hashlib, _blake2, _sha1, _md5, _sha2,
           _sha3, bz2, lzma, _locale, _queue, decimal, pyexpat, _elementtree, _typing, _types, _pickle]
LEFT_OUT = re.compile(
    r"^builtins\.(input|breakpoint|exit|quit|open|help|copyright|credits|license|print|exec|eval|__import__|id|hash|globals|locals|vars|dir"
    r"|__build_class__|compile)|^_io\.(open|FileIO)|^(bz2|lzma|_io)\..*open|^itertools\.(count|cycle|repeat)$|_codecs\.(un)?reg|_codecs\._"
    r"|hashlib\.(scrypt|pbkdf2|file_digest)|_csv\.(un)?register|_csv\.field|_locale\.setlocale"
    r"|\.(__sizeof__|__dir__|__subclasshook__|__init_subclass__|__class_getitem__|__getstate__|__hash__|__del__|__reduce__|__reduce_ex__"
    r"|__subclasses__|fileno|isatty|close|detach|mro|now|today|utcnow|__alloc__|buffer_info|resize|madvise|seed|random|getrandbits)(#|$)"
    r"|SimpleQueue\.(get|put)|lock\.acquire|RLock\.acquire|type:.*\.__(set|del)attr__")
# With these a large number asks for much memory or time.
COSTLY = re.compile(
    r"factorial|comb|perm|mul|shift|pow|bytes|bytearray|just|center|zfill|expandtabs|range|repeat|isqrt|read|setstate|seek|truncate"
    r"|__init__|__new__|concat|format|decompress|Context|scaleb|array|deque|product|batched|islice|tee|b2a|a2b|digest|pack|round")


def subclasses():
    return [type(base.__name__.title(), (base,), {}) for base in (list, dict, str, int, tuple, float, bytes, bytearray, set, frozenset)]


List, Dict, Str, Int, Tuple, Float, Bytes, Bytearray, Set, Frozenset = subclasses()


class Plain:
    pass


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __repr__(self):
        return f"Index({self.value})"


class Failing:
    def fail(self, *arguments):
        raise KeyError("failing")

    __iter__ = __index__ = __float__ = __hash__ = __eq__ = __lt__ = __len__ = __bool__ = fail

    def __repr__(self):
        return "Failing()"


# Expressions, so that each call gets new objects.
ARGUMENTS = """
None True False 0 1 -1 2 3 7 -5 255 256 2**31 2**63 -2**63-1 2**64 0.0 1.5 -2.25 float("nan") float("inf") 1e300 1j 2+0.5j
"" "a" "abc" "hello" "é" "\u20ac\U0001f600" "12" "utf-8" "strict" "%s" "{}" "i" "A\\0b" "\\ud800" b"" b"a" b"abc" b"12"
bytearray(b"xyz") memoryview(b"mem") bytearray() [] [1,2] ["a","b"] [[1,2],[3,4]] () (1,) (1,2) ("a","b") {} {"a":1} {1:2} set() {1,2}
frozenset({3}) range(3) slice(1,None) slice(None,None,-1) iter([1,2]) int str list dict type object len ord ValueError ValueError("x")
NotImplemented ... List([1]) Dict(a=1) Str("sub") Int(5) Tuple((1,)) Float(2.5) Bytes(b"sub") Set({1}) Index(1) Index(2**70) Failing() Plain
datetime.date(2020,1,2) datetime.timedelta(1) datetime.datetime(2020,1,2,3) datetime.time(1) datetime.timezone.utc decimal.Decimal("1.5")
fractions.Fraction(1,3) io.StringIO("x") io.BytesIO(b"y") array.array("i",[1,2]) collections.deque([1]) collections.OrderedDict(a=1)
operator.itemgetter(0) functools.partial(int,"5") property(len) types.SimpleNamespace(a=1) types.MappingProxyType({"a":1}) {}.keys()
{"a":1}.items() re.compile("a") struct.Struct("i") list[int] int|str
""".split()
SUBJECTS = """
5 -3 True 2**70 1.5 1j "hello" "héllo" b"bytes" bytearray(b"array") memoryview(b"view") memoryview(bytearray(b"view")) [3,1,2] (3,1,2)
{"k":1,2:"v"} {1,2,3} frozenset({1,2}) range(10) slice(1,5,2) {"k":1}.keys() {"k":1}.values() {"k":1}.items() iter([1,2]) iter("ab")
iter((1,)) iter({1:2}) iter(range(3)) reversed([1,2]) enumerate("ab") zip([1],[2]) map(str,[1]) filter(None,[1]) ValueError("x",1)
OSError(1,"x") UnicodeDecodeError("u",b"ab",0,1,"r") StopIteration(3) SyntaxError("m") ExceptionGroup("g",[ValueError(1)])
AttributeError("x") ImportError("x") List([3,1]) Dict(a=1) Str("sub") Int(5) Tuple((1,2)) Float(2.5) Bytes(b"sub") Bytearray(b"sub")
Set({1}) Frozenset({1}) object() Plain() int Plain type len [].append str.join property(len) staticmethod(len) classmethod(len)
super(List,List()) compile("x=1","f","exec") types.CellType("x") types.SimpleNamespace(a=1) types.MappingProxyType({"a":1}) list[int] int|str
None NotImplemented ... types.MethodType(len,[]) types.ModuleType("m") datetime.date(2020,1,2) datetime.timedelta(1,2)
datetime.datetime(2020,1,2,3) datetime.time(1,2) datetime.timezone(datetime.timedelta(hours=1)) decimal.Decimal("1.5") decimal.Context()
fractions.Fraction(1,3) io.StringIO("text\\nline") io.BytesIO(b"data\\nline") io.TextIOWrapper(io.BytesIO(b"ab\\ncd"))
io.BufferedReader(io.BytesIO(b"ab\\ncd")) io.BufferedWriter(io.BytesIO()) io.BufferedRandom(io.BytesIO(b"q")) array.array("i",[1,2])
array.array("d",[1.5]) array.array("w","ab") collections.deque([1,2],5) collections.OrderedDict(a=1,b=2) collections.defaultdict(int,a=1)
operator.itemgetter(0) operator.attrgetter("a") operator.methodcaller("upper") functools.partial(int,"5") functools.lru_cache(len)
functools.cmp_to_key(len) re.compile("(a)|b") re.match("(?P<n>a)","abc") struct.Struct("<ih") hashlib.md5(b"x") hashlib.sha3_256(b"x")
hashlib.blake2b(b"x") zlib.compressobj() zlib.decompressobj() bz2.BZ2Compressor() bz2.BZ2Decompressor() lzma.LZMADecompressor()
_random.Random(1) weakref.ref(Plain) itertools.count() itertools.cycle([1]) itertools.chain([1]) itertools.repeat(1,3)
itertools.islice([1],1) itertools.groupby([1]) itertools.product([1],[2]) itertools.tee([1])[0] itertools.accumulate([1])
itertools.batched([1],1) contextvars.ContextVar("v") _queue.SimpleQueue() _csv.writer(io.StringIO()) _csv.reader(["a,b"])
codecs.getincrementaldecoder("utf-8")() io.IncrementalNewlineDecoder(None,True) threading.Lock() threading.RLock()
pickle.Pickler(io.BytesIO()) pickle.Unpickler(io.BytesIO(b"")) _elementtree.Element("a") _elementtree.TreeBuilder() pyexpat.ParserCreate()
unicodedata.ucd_3_2_0 typing.TypeVar("T") typing.ParamSpec("P") time.struct_time(range(9)) mmap.mmap(-1,10) ast.parse("x")
string.Template("$a")
""".split()
CHANGING = (list, dict, set, bytearray, collections.deque, array.array)
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


class Late(BaseException):
    pass


def late(*_):
    raise Late


def shown(value, depth=0):
    """The value's type and repr; of an iterator, its first items."""
    kind = type(value)
    if depth < 2 and hasattr(kind, "__next__") and not hasattr(kind, "send"):
        try:
            return f"{kind.__name__} of {shown(list(itertools.islice(value, 6)), depth + 1)}"
        except Exception as e:
            return f"{kind.__name__} raising {e!r}"
    return ADDRESS.sub("ADDRESS", f"{kind.__name__} {value!r}"[:300])


def outcome(function, arguments, keywords):
    try:
        signal.setitimer(signal.ITIMER_REAL, 2)
        try:
            return shown(function(*arguments, **keywords))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Late:
        return "! too late"
    except BaseException as e:
        try:
            return "! " + ADDRESS.sub("ADDRESS", f"{type(e).__name__}: {e}")[:300]
        except BaseException as second:
            return f"! {type(e).__name__} whose text raises {second!r}"


def fresh(text):
    return eval(text, globals())


def targets():
    """(label, expression of the subject or None, module, name) of everything that can be called."""
    for module in MODULES:
        for name in sorted(dir(module)):
            f = getattr(module, name)
            if callable(f) and not name.startswith("__") and not isinstance(f, types.FunctionType):
                if not isinstance(f, type) or not f.__flags__ & 1 << 9:
                    yield f"{module.__name__}.{name}", None, module, name
    for number, text in enumerate(SUBJECTS):
        subject = fresh(text)
        kind = f"type:{subject.__name__}" if isinstance(subject, type) else type(subject).__name__
        for name in sorted(set(dir(type(subject))) | set(dir(subject) if isinstance(subject, type) else ())):
            if name != "__class__" and callable(getattr(subject, name, None)):
                yield f"{kind}.{name}#{number}", text, None, name


def is_large(value):
    return isinstance(value, int) and abs(value) > 10000 or isinstance(value, Index) and value.value > 10000


def main(seed, count, pattern=""):
    signal.signal(signal.SIGALRM, late)
    resource.setrlimit(resource.RLIMIT_CPU, (900, 900))
    out = os.fdopen(os.dup(1), "w", errors="backslashreplace")  # something may close the other
    for label, text, module, name in targets():
        if LEFT_OUT.search(label) or not re.search(pattern, label):
            continue
        choose = random.Random(f"{seed} {label}")
        for _ in range(count):
            arguments = [fresh(choose.choice(ARGUMENTS)) for _ in range(choose.choice((0, 1, 1, 1, 2, 2, 2, 3, 4)))]
            keyword, with_keyword = choose.choice(("key", "x", "default", "sep", "encoding", "start", "a")), choose.random() < 0.06
            if COSTLY.search(label):
                arguments = [3 if is_large(a) else a for a in arguments]
            called_with = ADDRESS.sub("ADDRESS", repr(arguments))[:200]
            keywords = {keyword: arguments.pop()} if with_keyword and arguments else {}
            subject = fresh(text) if text else module
            result = outcome(getattr(subject, name), arguments, keywords)
            if isinstance(subject, CHANGING):
                result += " leaving " + ADDRESS.sub("ADDRESS", outcome(repr, [subject], {}))
            out.write(json.dumps([label, called_with + (f" {keyword}=" if keywords else ""), result]) + "\n")
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
