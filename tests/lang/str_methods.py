s = "Hello, wide World"
print(s.upper(), s.lower(), s.swapcase(), s.title(), s.capitalize(), s.casefold(), "ß".casefold(),
    "ﬁ".upper())
print(s.find("o"), s.rfind("o"), s.find("zz"), s.index("w"), s.count("l"), s.count(""), s.find("o", 5, 10),
    s.startswith(("x", "He")), s.endswith("ld", 3))
print(s.split(), s.split(", "), s.split("o", 1), s.rsplit("o", 1), "a,,b,".split(","), "  a  b ".split(),
    "".split(), "".split(","))
print("a\nb\r\nc\x0bd\u2028e".splitlines(), "a\nb\n".splitlines(True), s.partition(", "), s.rpartition("o"),
    s.partition("zz"))
print("  x ".strip() + "|", "xxaxx".strip("x"), "  x ".lstrip() + "|", "  x ".rstrip() + "|",
    "abcba".strip("ab"))
print("7".zfill(3), "-7".zfill(4), "x".center(5, "*"), "x".ljust(4) + "|", "x".rjust(4),
    "a\tb\tc".expandtabs(4))
print("a-b-c".replace("-", "+"), "aaa".replace("a", "b", 2), "abc".replace("", "."),
    "TestHook".removeprefix("Test"), "a.py".removesuffix(".py"))
print("-".join(["a", "b", "c"]), "".join(map(str, range(5))), "abc" * 3, 0 * "abc", "a" "b", "b" in "abc",
    "" in "")
print("abc".isalpha(), "ab1".isalnum(), "12".isdigit(), "²".isdigit(), "²".isdecimal(), "½".isnumeric(), "a b".isidentifier(), "x1".isidentifier(),
      " \t".isspace(), "Ab Cd".istitle(), "AB".isupper(), "ab".islower(), "a\n".isprintable(), "é".isascii())
print("abcabc".translate({97: "X", 98: None, 99: 0x263A}), str.maketrans("ab", "xy", "c"),
    "abc".translate(str.maketrans("ab", "xy", "c")))
for bad in ("'a'.join([1])", "'a'.index('z')", "'a'.split('')", "'a' + 1", "'a' * 'b'", "'abc'[5]",
    "'abc'['x']", "'a'.center(5, 'ab')", "'abc'.foo"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
