print("%s %s" % ("a", 1), "%(x)s %(y)03d" % {"x": "X", "y": 7}, "%5s|%-5s|%.1s" % ("ab", "cd", "ef"),
    "%*d|%-*d|" % (5, 42, 5, 42), "%.*f" % (2, 3.14159))
print("%d" % 3.99, "%i" % True, "%x" % 2**70, "%e" % 0, "%G" % 1e-10, "%F" % float("inf"), "% d" % 5,
    "%+.1e" % 12345)
print("%s" % (1,), "%s" % [1, 2], "%r" % ("t",), "%s" % None, "%a" % "é", b"%s %d %b" % (b"x", 5, b"y"),
    b"%a" % "é", b"%c" % 65)
for template, value in (("%d", "x"), ("%s %s", (1,)), ("%s", (1, 2)), ("%z", 1), ("%", 1), ("%(a)s", 1),
    ("%(a)s", {}), ("%c", "ab"), ("%c", -1), ("%d", None), ("%x", 1.5), ("%*d", ("a", 1)), ("%(a", {"a": 1})):
    try:
        print(template % value)
    except Exception as e:
        print(template, type(e).__name__, e)
