# What has a short way in C for its common case gives the same in the others: arguments, formats, sets, dicts, joins.
import itertools
import unicodedata


def shown(f, *args, **named):
    try:
        return f(*args, **named)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


class Text(str):
    def __str__(self):
        return "text!"


class Odd:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        return isinstance(other, Odd) and self.n == other.n

    def __repr__(self):
        return f"Odd({self.n})"


# formats
for form, args in (("%s", "a"), ("%5s|%-5s|%05s", ("ab",) * 3), ("%d %5d %05d %x", (-42,) * 4), ("%d%%", 7), ("%", 1), ("%d", "x"),
                   ("%d", ()), ("%d", (1, 2)), ("%s %s", ("é", "日")), ("%s", ("x" * 300,)), ("%300d", 5), ("%s", Text("t")),
                   ("%(a)s", {"a": 1}), ("%s", {"a": 1}), ("%s", True), ("%d", True), ("%x", 2**70), ("%08x", -255), ("%%%s%%", 1),
                   ("é%s", 1), ("%s", [1]), ("%5%", ()), ("%i", 3.7), ("%x", 3.7), ("%c%r", (65, "q")), ("%.3s", "abcdef"), ("", ()), ("", 1)):
    print(ascii(shown(form.__mod__, args)))
print(ascii(shown("{}{x}{0}".format, "é", x=3)), "{} {:>4} {!r}".format(-5, 6, "a"),
      "{}{}".format("日", "x"), shown("{}".format), shown("{a}".format, b=1), "{}".format(Text("q")), "".format())

# arguments by name, left out, and wrong
print(sorted(["bb", "a"], key=len), sorted([1, 2], reverse=True), "a b c".split(maxsplit=1), "a,b".split(sep=","))
print("ä".encode(errors="ignore", encoding="ascii"), b"\xff".decode(errors="replace"), b"ab".decode("utf-8"), b"".decode("utf-8", "strict"))
for f, args, named in (("a".split, (",",), {"sep": ","}), ("a".split, (), {"maxsplit": "x"}), (list, (1,), {}),
                       (tuple, ([1], 2), {}), (set, (), {"a": 1}), (frozenset, ([1],), {"x": 1}), (dict, (1,), {}), (dict, ([(1, 2, 3)],), {}),
                       (list, ([],), {"x": 1}), (sorted, (), {}), (sorted, ([1],), {"key": None, "reverse": 1}), (int, (), {"base": 2}),
                       (b"a".decode, ("nope",), {}), ("a".encode, (), {"encoding": "u\0"}), (round, (), {"number": 2.5}), (sum, ([1],), {"start": 5}),
                       (max, ([3, 1],), {"key": lambda x: -x}), (max, (), {}), (print, (), {"end": "", "nope": 1})):
    print(shown(f, *args, **named))
print(list("ab"), tuple(range(3)), set([1, 1]), frozenset((2,)), dict([(1, 2)]), dict(zip("ab", "cd")), dict({1: 2}), dict(a=1))
print([0] * 5, [1, 2] * 3, [1] * 0, [] * 9, [1] * -1, shown(lambda: [1] * 2**62))

# sets whose entries were deleted, and unions that grow
numbers = set(range(40))
for n in range(0, 40, 3):
    numbers.discard(n)
for n in (0, 3, 100, 132, 64, 96):
    numbers.add(n)
print(sorted(numbers), 3 in numbers, 6 in numbers, 128 in numbers)
for a, b in itertools.product(({1, 2, 3}, {8, 16, 24, 0}, frozenset("abcdef"), set(), {Odd(1), Odd(4)}), repeat=2):
    results = a | b, a & b, a - b, a ^ b
    print([sorted(map(repr, r)) for r in results], [type(r).__name__ for r in results], a <= b, a.isdisjoint(b), a == b)
small = {0, 8, 16}
print(list(small | {24}), list(small | {1}), list({5, 3} | small), list(small ^ {8, 1}), [len(small | set(range(n))) for n in range(20)])
for n in (8, 0, 16):
    small.remove(n)
small.update((16, 0, 8))
print(list(small), list({*range(6)} - {2} | {2}))

# dicts
d = {}
for key in ("a", 1, "b", 1.0, True, (1,), "a", "".join(["a", "b"]), 2**62, -1, Odd(1), Odd(1), Text("a"), None):
    d[key] = len(d)
print(d, d.pop("a"), d.pop(1), shown(d.pop, "a"), d.pop("zz", 0), list(d))
d["a"] = d[1] = 0
print(list(d), d.pop("ab"), d.pop(Odd(1)), len(d))

# joins
print(b",".join([b"a", b"", b"bc"]), b"-".join([]), b"x".join((b"only",)), b"".join([b"a", bytearray(b"b"), memoryview(b"c")]),
      shown(b"".join, [b"a", "b"]), shown(b"".join, 5), bytearray(b",").join([b"a", b"b"]))
print(",".join([]), ",".join(["é"]), "".join(["a", "日"]), shown(",".join, ["a", 1]), ",".join(str(n) for n in range(3)), ",".join([Text("t")] * 2))
print([word.startswith(("ab", "")) for word in ("", "abc")], "abc".startswith("bc", 1), "abc".endswith("bc", -2, None), "é".endswith("é"),
      "日本語".startswith("日本"), "abcdefghijklmnopqrs".endswith("cdefghijklmnopqrs"), shown("a".startswith, (1,)), shown("a".endswith, 1))
print("de" in "abcdef", "é" in "caf\xe9s", "日" in "abc", "" in "", shown(lambda: 1 in "1"), "a.b.c".partition("."), "abc".rpartition("."), "abc".strip("ca"))

# a bytearray that grows where it is
grown = bytearray()
for n in range(3000):
    grown += bytes([n % 256]) * 60
print(len(grown), grown[:3], grown[-3:], sum(grown) == sum(n % 256 * 60 for n in range(3000)))

# normal forms
texts = ["é", "e\u0301", "e\u0301\u0323", "e\u0323\u0301", "\u1e9b\u0323", "가\u11a8", "\uac00", "\u1100\u1161", "ﬁ", "\u212b", "a\u0345\u0301",
         "\u0344", "\u0958", "\u0315\u0300", "\u0300\u0315", "x\u093c", "\u2126Ω", "日本", "①", "\U0001d15e"]
for text in texts:
    print([ascii(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")],
          [unicodedata.is_normalized(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")])
print(unicodedata.ucd_3_2_0.normalize("NFC", "e\u0301\u2f868"[:2]), [unicodedata.category(c) for c in "aA1 \n日"], unicodedata.bidirectional("א"),
      unicodedata.east_asian_width("日"))
