print("{} {} {}".format(1, "two", [3]), "{2}{0}{1}".format("a", "b", "c"), "{x}-{y!r}".format(x=1, y="q"))
print("{0.real} {0.imag}".format(3 + 4j), "{0[key]} {0[1]}".format({"key": "v", 1: "one"}),
    "{a[0][1]}".format(a=[[1, 2]]))
print("{:>10}|{:<10}|{:^10}|{:*^10}".format("r", "l", "c", "s"), "{:{w}.{p}f}".format(3.14159, w=8, p=2),
    "{{}} {{{}}}".format(1))
class P:
    def __format__(self, spec): return f"<P {spec!r}>"
    def __str__(self): return "str-P"
    def __repr__(self): return "repr-P"
print("{} {:abc} {!s} {!r:>10}".format(P(), P(), P(), P()), f"{P()} {P()!s:>8}|{P():x{1 + 1}y}")
print("{:s} {:5s}| {:.2s} {:=>5}".format("a", "b", "cde", "f"), format("x", "3"), format(None),
    format([1], ""))
for bad, args in (("{} {0}", (1,)), ("{", ()), ("}", ()), ("{1}", (0,)), ("{x}", ()), ("{!z}", (1,)),
    ("{:d}", ("a",)), ("{.foo}", (1,)), ("{[k]}", ({},)), ("{:>}}", (1,)), ("{:10d}", (None,))):
    try:
        print(bad.format(*args))
    except Exception as e:
        print(bad, type(e).__name__, e)
print("{x.y}".format_map({"x": type("T", (), {"y": 5})}))
import string
print(list(string.Formatter().parse("a{b!r:c}d{{")),
    string.Template("$who likes ${what} $$").substitute(who="tim", what="kung pao"))
