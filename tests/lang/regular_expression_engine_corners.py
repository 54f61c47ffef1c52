import re

CASES = [(r"(a|ab)(c|bcd)(d*)", "abcd"), (r"(a+|b)*", "ab"), (r"(a+|b){0,}?", "ab"), (r"(?:(a)|b)*", "ab"), (r"^(.*)\s(.*)$", "one two three"), (r"(?s).*b", "a\nb"), (r"(?m)^\w+$", "one\ntwo"),
         (r"a(?!b)", "abac"), (r"(?<!x)y", "xyy"), (r"(?<=(a))b", "ab"), (r"\Aab\Z", "ab\n"), (r"\bfoo\b", "a foo."), (r"\Boo", "foo"), (r"[^]a]", "]ab"), (r"[]a]+", "a]b"), (r"[a\-z]+", "a-z"), (r"[\w.]+@[\w.]+", "me@x.org,"),
         (r"(\d+)(?:px|em)(?=;)", "12px;"), (r"(?i)straße", "STRASSE"), (r"(?i)ß", "ẞ"), (r"(?i)[à-ý]", "É"), (r"(?x) a  b # c", "ab"), (r"(?P<q>['\"]).*?(?P=q)", "say 'hi' \"x\""), (r"((a)|b)+?c", "abac"), (r"(a?)*?b", "aab"), (r"(?:a|a?)+", "aaa"),
         (r"(.)(.)(.)\3\2\1", "abccba"), (r"x{2,3}?", "xxxx"), (r"x{,2}", "xxx"), (r"x{2", "x{2"), (r"a{0}b", "b"), (r"(?:)", ""), (r"$", "a\n"), (r"\d{3}-\d{4}", "call 555-1234"), (r"(?>a*)ab", "aaab"), (r"a*+a", "aaa"), (r"(?s:.)(?-s:.)?", "\n\n"),
         (r"(?(1)a|b)(c)?", "bc"), (r"(a)?(?(1)b|c)", "ab"), (r"\u00e9\N{LATIN SMALL LETTER E WITH ACUTE}", "éé"), (r"[\d\s]+", "1 2\t3"), (r"\S+\s\D", "ab c"), (r"(?a)\w+", "aé"), (r".{3}", "日本語"), (r"[一-龥]+", "日本go"), (r"[\U0001F600-\U0001F64F]", "hi 😀")]
for pattern, text in CASES:
    m = re.search(pattern, text)
    print(pattern, "|", repr(text), "->", (m.span(), m.groups()) if m else None,
        re.findall(pattern, text)[:4], re.sub(pattern, "<>", text), re.split(pattern, text, maxsplit=2))
print(re.sub(r"(?P<a>.)(.)", r"\g<2>\g<a>\g<0>\\", "wxyz"), re.sub("", "-", "abc"),
    re.sub(r"\b|:+", "x", "a::b"), re.subn("(a)|b", r"[\1]", "ab"),
    re.sub("x*", "-", "abxd"))
for template in (r"\g<1", r"\g<nope>", r"\9", r"\g<-1>", r"\q", "\\"):
    try:
        print(re.sub("(a)", template, "a"))
    except (re.error, IndexError) as e:
        print(template, type(e).__name__, e)
print([m.start() for m in re.finditer("(?=aa)", "aaaa")], re.compile("a|b").fullmatch("b").end(),
    re.match("(?P<n>a)(b)?", "a").groupdict(default="-"), re.match("a", "A", re.I).string,
    re.search("b", "abc").re.pattern, re.match("(a)(b)", "ab").group(2, 1),
    re.compile("x") == re.compile("x"), re.purge(),
    copy.copy(re.compile("z")).pattern if (copy := __import__("copy")) else "")
text = "a" * 30000
print(len(re.match("(?:a|b)*", text).group()), len(re.match("(a|b)*?$", text[:500]).group()),
    re.match("(?:a?){25}a{25}", "a" * 25).end(), re.search("(x+x+)+y", "x" * 15) is None,
    len(re.sub("a", "bc", text)), re.match(r"(?:.*?,){50}", "," * 50).end())

# What a set leaves out is left out in both cases, by the locale too
for pattern in (rb"[bc]", rb"[^bc]", rb"[^b-c]"):
    print(pattern, [bool(re.fullmatch(pattern, c, re.LOCALE | re.IGNORECASE)) for c in (b"a", b"b", b"B", b"C")])
