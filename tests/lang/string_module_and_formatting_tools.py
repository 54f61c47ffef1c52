import pprint, reprlib, string, textwrap, shlex, locale

print(string.ascii_letters, string.digits, repr(string.whitespace), string.punctuation,
    string.capwords("hello wide world"))
t = string.Template("$a ${b}c $$ $d")
print(t.safe_substitute(a=1, b=2), t.get_identifiers(), t.is_valid())
for bad in (dict(a=1), dict(a=1, b=2)):
    try:
        t.substitute(bad)
    except KeyError as e:
        print("KeyError", e)
try:
    string.Template("$").substitute()
except ValueError as e:
    print(e)


class Upper(string.Formatter):
    def format_field(self, value, spec):
        return super().format_field(value,
            spec.removesuffix("U")).upper() if spec.endswith("U") else super().format_field(value, spec)
    def get_value(self, key, args, kwargs):
        return kwargs.get(key, f"<{key}>") if isinstance(key, str) else args[key]


print(Upper().format("{0:U} {name} {1:>4} {x.real}", "abc", 5, x=2))
data = {"numbers": list(range(30)), "nested": {"b": {"c": ("tuple", {"set"})}, "a": None},
    "long": "word " * 20, 3: [["x" * 30, "y" * 30], ["z" * 30]]}
pprint.pprint(data)
pprint.pprint(data, width=40, depth=2, compact=True, sort_dicts=False, indent=2)
print(pprint.pformat([1, [2]]), pprint.isreadable(data), pprint.isrecursive(data), pprint.saferepr("a'b"))
l = [1]; l.append(l)
print(pprint.isrecursive(l))
r = reprlib.Repr()
r.maxlist = 3
r.maxstring = 12
print(r.repr(list(range(10))), r.repr("x" * 50), reprlib.repr({i: i for i in range(20)}),
    reprlib.repr(set(range(3))), r.repr([[[[[[[[1]]]]]]]]), r.repr(10**50))
print(shlex.split("a 'b c' \"d \\\" e\" f\\ g # h", comments=True), shlex.quote("it's"),
    shlex.join(["a b", "c"]), list(shlex.shlex("x=y;z", punctuation_chars=True)))
try:
    shlex.split("'open")
except ValueError as e:
    print(e)
print(textwrap.wrap("The quick brown fox jumped over the lazy dog-house", 15), textwrap.fill("a b c d", 3),
    textwrap.wrap("x" * 10, 4),
    textwrap.TextWrapper(width=20, max_lines=2, placeholder="~").wrap("one two three four five six seven eight nine ten"))
print(locale.localeconv()["decimal_point"], locale.format_string("%d %.2f", (1234567, 1.5), grouping=True),
    locale.atof("1.5"))
