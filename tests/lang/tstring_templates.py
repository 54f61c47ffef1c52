from string.templatelib import Template, Interpolation, convert
name, price = "tea", 2.5
t = t"Buy {name!r} for {price:.2f} {price + 1 = } now"
print(type(t).__name__, t.strings, t.values)
for part in t:
    print(repr(part) if isinstance(part, str) else (part.value, part.expression, part.conversion, part.format_spec))
def render(template):
    out = []
    for part in template:
        out.append(part if isinstance(part, str) else format(convert(part.value, part.conversion), part.format_spec))
    return "".join(out)
print(render(t), render(t"{{literal}} {'a' + 'b':>5}"), render(t""), len(t"".strings))
print(render(t"a" + t"{name}b"), (t"x{1}" t"y{2}").strings)
print(repr(t"{name}"), Interpolation("v", "e", None, "f"))
match t.interpolations[0]:
    case Interpolation(value, expression, conversion, spec):
        print(value, expression, conversion, repr(spec))
try:
    t"a" + "b"
except TypeError as e:
    print(e)
print(render(t"{name:{'>'}{6}}|"), Template("a", Interpolation(1, "one"), "b").values)

# What `{x=}` keeps as its expression: no equals sign, blanks or continued lines behind it.
x = 42
print(t"{x=}".interpolations[0].expression, t"{x =\
}".interpolations[0].expression.encode(), t"{x\
=}".interpolations[0].expression.encode(), t"{x == x = }".interpolations[0].expression.encode())
