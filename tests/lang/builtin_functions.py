print(abs(-3), abs(-2.5), all([1, 0]), any([0, 1]), ascii("é"), bin(5), bytes(2), callable(len), chr(97),
    chr(0x1F600), divmod(7, -2), [*enumerate("ab", 1)], [*filter(str.isdigit, "a1b2")], format(255, "x"),
    hash("a") == hash("a"), hex(255), int("7"), isinstance(1, (str, int)), issubclass(bool, int),
    iter([1]).__next__(), len({1: 2}), [*map(max, [1, 5], [3, 2])], max(3, 1), min("b", "a"), oct(8),
    ord("é"), pow(2, 3), pow(2, 3, 5), [*range(2)], repr("x"), [*reversed([1, 2])], round(2.675, 2),
    [*slice(1, 2).indices(5)], sorted("ba"), str(1), sum([1, 2], 10), tuple("ab"), type(1),
    [*zip("ab", [1, 2])])
print(max([1, 2], [1, 3]), max("abc", key=ord), min([], default=None),
    max({"a": 1, "b": 0}, key={"a": 1, "b": 0}.get), sum([[1], [2]], []), sum((0.1,) * 3), sum(range(101)),
    sorted([3, 1], reverse=True), min(1, 2, key=lambda x: -x), round(-1.5), round(5, -1), round(15, -1),
    round(1e300), pow(3, -2), pow(5, -1, 7), divmod(5.5, 2))
print(eval("1 + x", {"x": 1}), eval("[y for y in range(z)]", {"z": 3}), exec("q = 1"), q,
    compile("1", "f", "eval").co_name, getattr(1, "real"), getattr(1, "nope", "d"), hasattr("", "join"),
    vars(type("V", (), {"a": 1})())if 0 else "", dir([])[:2], id(None) == id(None),
    isinstance(isinstance, object), __import__("math").pi, print.__doc__.splitlines()[0],
    len.__text_signature__, type(len), input.__name__)


class T:
    def __round__(self, n=None): return f"round {n}"
    def __reversed__(self): return iter("rev")
    def __length_hint__(self): return 10
    def __iter__(self): return iter([3, 1, 2])
    def __dir__(self): return ["b", "a"]
    def __format__(self, s): return f"<{s}>"
    def __abs__(self): return "abs"
    def __divmod__(self, o): return "dm", o
    def __bytes__(self): return b"bytes"
    def __sizeof__(self): return 100
    def __instancecheck__(self, o): return True
    def __call__(self, *a): return a
    def __getitem__(self, k): return k


t = T()
print(round(t), round(t, 2), [*reversed(t)], sorted(t), dir(t), format(t, "x"), abs(t), divmod(t, 1),
    bytes(t), isinstance(5, t), callable(t), max(t), sum(t), tuple(t), t[1:2, ...], list(map(t, [1])), any(t),
    set(t) == {1, 2, 3}, dict(zip(t, "abc")), [*filter(t, [0])], "".join(map(str, t)), f"{t:spec}", t[()],
    t[1,], enumerate(t).__next__(), iter(t).__next__())
print(*map(type, (1, 1.0, "", b"", [], (), {}, set(), None, ..., NotImplemented, 1j, range(1), slice(1), len, print, type, object, lambda: 0, (i for i in ()), iter([]), zip(), map(str, []), memoryview(b""), property(), staticmethod(len), classmethod(len), super, Exception())))
for bad in ("abs('x')", "chr(2**21)", "ord('')", "int([])", "float('x')", "len(5)", "max()", "min(5)",
    "sum('ab')", "sorted(5)", "reversed(5)", "round('x')", "pow('a', 2)", "divmod(1, 'x')", "hash([])",
    "isinstance(1, 'x')", "iter(5)", "next([])", "range('a')", "zip(5)", "map(len)", "getattr(1, 2)",
    "setattr(1, 'x', 2)", "delattr(1, 'x')", "vars(1)", "__import__('nope_x')", "bytes('a')",
    "bytearray([256])", "memoryview('a')", "enumerate(5)", "filter(1, 2)", "open('/nope/x')",
    "compile('1', 'f', 'bad')", "eval('1 +')", "exec(1)", "format(1, 'zz')", "print(sep=1)", "super()",
    "type('a', (int, str), {})", "slice()", "object(1)", "complex('x')", "str(b'a', 'nope')", "bin('x')",
    "callable()", "id()", "dir(1, 2)", "input(1, 2, 3)", "aiter(1)", "anext(1)", "frozenset(1)", "dict(1)",
    "list(1)", "tuple(1)", "set(1)", "property(1, 2, 3, 4, 5)", "classmethod()"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, "->", type(e).__name__, e)
