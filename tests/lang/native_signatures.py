# options: -W ignore
"""inspect.signature of the native functions, methods and classes of many modules."""
import importlib
import inspect

MODULES = """
_abc _asyncio _bisect _blake2 _bz2 _codecs _collections _contextvars _csv _ctypes _datetime _decimal _elementtree _functools _hashlib
_heapq _imp _io _json _locale _lsprof _lzma _md5 _multiprocessing _operator _pickle _posixshmem _posixsubprocess _queue _random _sha1
_sha2 _sha3 _signal _socket _sqlite3 _sre _ssl _stat _statistics _string _struct _symtable _thread _tokenize _tracemalloc _types _typing
_uuid _warnings _weakref _zstd array atexit binascii builtins cmath errno faulthandler fcntl gc grp itertools marshal math mmap posix
pwd pyexpat resource select sys syslog termios time unicodedata zlib re
""".split()

# What is otherwise in Krait, and why.
OTHERWISE = {
    # Parts of the namespace that say how CPython is made.
    "sys._debugmallocstats", "sys._dump_tracelets", "sys.getunicodeinternedsize", "sys.getdlopenflags", "sys.setdlopenflags",
    "sys.remote_exec", "faulthandler._fatal_error_c_thread", "faulthandler._stack_overflow", "sys._attributes_are_inline",
    "sys._keys_are_shared",
    "_socket.SocketType.sendmsg_afalg", "_socket.socket.sendmsg_afalg", "pyexpat.XMLParserType.SetAllocTrackerActivationThreshold",
    "pyexpat.XMLParserType.SetAllocTrackerMaximumAmplification",
    # The struct sequence is found by its name.
    "sys.UnraisableHookArgs",
    # A Task has these from Future.
    *("_asyncio.Task." + name for name in ("__await__", "__iter__", "add_done_callback", "cancelled", "done", "exception",
                                           "remove_done_callback", "result")),
    # Made by tee() alone.
    "itertools._tee_dataobject", "itertools._tee_dataobject.__getattribute__", "itertools._tee_dataobject.__new__",
    # A proxy of a callable passes them on as other proxies do.
    "_weakref.CallableProxyType.__bytes__", "_weakref.CallableProxyType.__reversed__",
    # inspect raises AttributeError for CPython's, whose default is `select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT`.
    "select.epoll.register",
    # A collector that traces has no use for them, or object's do.
    *(f"_types.{name}.__sizeof__" for name in ("AsyncGeneratorType", "CodeType", "CoroutineType", "FrameType", "GeneratorType")),
}
# Whose namespace they stand in is a matter of how the types are made; whoever inherits them finds them all the same.
INHERITED = {"__new__", "__buffer__", "__release_buffer__", "__del__", "__hash__", "__sizeof__", "__loader__", "__iter__", "__init__"}
NATIVE = type(len), type(list.append), type(object.__init__), type(vars(dict)["fromkeys"])


def show(name, value):
    if name in OTHERWISE:
        return
    try:
        signature = str(inspect.signature(value))
    except ValueError as e:
        signature = f"ValueError: {e}"
    print(name, signature.split(" at 0x")[0])


def show_class(name, cls):
    show(name, cls)
    for attribute, raw in sorted(vars(cls).items()):
        if isinstance(raw, (classmethod, staticmethod)):
            raw = raw.__func__
        if isinstance(raw, NATIVE) and attribute not in INHERITED:
            show(f"{name}.{attribute}", getattr(cls, attribute))


for module_name in MODULES:
    try:
        module = importlib.import_module(module_name)
    except ImportError:
        print(module_name, "is not there")
        continue
    for name, value in sorted(vars(module).items()):
        if name in INHERITED or f"{module_name}.{name}" in OTHERWISE:
            continue
        if isinstance(value, type):
            show_class(f"{module_name}.{name}", value)
        elif isinstance(value, NATIVE):
            show(f"{module_name}.{name}", value)
    if module_name == "builtins":
        for value in (iter([]), iter(()), iter({}), iter(b""), iter(range(0)), iter(range(1 << 70)), iter(set()), reversed([]),
                      enumerate([]), zip(), {}.keys(), {}.items(), {}.values(), int.real, str.upper, "".upper, len,
                      classmethod(len), (lambda: (yield))(), NotImplemented, ..., None, (lambda: 0).__code__, type(int.real)):
            show_class(type(value).__qualname__, type(value))
