import re
m = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)(-(\d\d))?", "2024-05 rest")
print(m, m.group(), m.groups(), m.groupdict(), m["year"], m.span("month"), m.lastgroup, m.lastindex,
    m.start(), m.expand(r"\2/\g<year>"), m.regs)
print(re.findall(r"\b(\w)(\w*)\b", "the quick fox"), re.findall(r"\d+", "a1b22c333"),
    [x.span() for x in re.finditer("a*", "baac")])
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world foo bar"), re.sub("x", lambda m: str(m.start()), "axbx"),
    re.subn("a", "b", "aaa", count=2), re.split(r"[,;]\s*", "a, b;c,d"), re.split("(,)", "a,b"),
    re.split(r"\b", "a b"))
print(re.search(r"^b", "a\nb", re.M).start(), re.search("A.B", "a\nb", re.I | re.S).group(),
    re.fullmatch("a|ab", "ab"), re.match("(a)|b", "b").groups("dflt"),
    re.compile("a b # comment", re.X).match("ab"))
print(re.findall(r"(?<=@)\w+", "x@one y@two"), re.findall(r"\w+(?=!)", "hi! yo"),
    re.findall(r"(?<!a)b", "ab cb b"), re.search(r"(a+?)(a*)", "aaaa").groups(),
    re.search(r"(a++)b", "aaab").group(), re.search(r"(?>a+)b", "aaab"),
    re.search(r"(\w)\1", "hello").group(), re.match(r"(?:(a)|b)(?(1)c|d)", "bd"))
print(re.escape("a.b*c[d]"), re.match(r"[^\W\d_]+", "é漢x1").group(), re.findall(r"[\u0370-\u03ff]", "aαβ"),
    re.findall(r"\w", "é", re.A), re.findall(rb"\x61.", b"abac"), re.search("(?i:A)b", "ab"),
    re.findall("[a-c-]", "a-d"))
p = re.compile(r"(x)(?P<n>y)?", re.I)
print(p, p.pattern, p.flags, p.groups, dict(p.groupindex), p.match("xy", 0, 1), p.search("axy", 1).pos,
    repr(re.compile(b"z", re.X)), re.I | re.M)
for bad in ("(", "[", "*a", "a**", r"\1", "(?P<1>a)", "(?P<a>x)(?P<a>y)", "(?<=a+)b", "a{2,1}", "(?z)", r"\q",
    "[z-a]", "(?(2)a)", "x(?i)", r"\N{NOPE}", "(?P=foo)"):
    try:
        re.compile(bad); print(bad, "ok")
    except re.PatternError as e:
        print(bad, "->", e, e.pos)
text = "word " * 2000 + "end"
print(len(re.findall(r"\w+", text)), re.search(r"end$", text).start(), re.match(r"(?:word )*end", text).end(),
    re.match("(a|b)*c", "ab" * 5000 + "c").end())
scanner = re.Scanner([(r"\d+", lambda s, t: int(t)), (r"\w+", lambda s, t: t), (r"\s+", None)])
print(scanner.scan("a 12 b3 !"))
