def f(x):
    match x:
        case 0 | 1: return "small"
        case -3 | 2.5 | 1 + 2j: return "number literal"
        case "hi" | b"hi": return "greeting"
        case None | True | False: return f"singleton {x}"
        case int(n) if n > 100: return f"big {n}"
        case int() | float(): return "num"
        case []: return "empty seq"
        case [a]: return f"one {a}"
        case [a, b, *rest] if rest: return f"many {a} {b} {rest}"
        case (1, y) | (y, 1): return f"one with {y}"
        case [_, _]: return "pair"
        case {"type": "point", "x": x, "y": y}: return f"point {x} {y}"
        case {"k": [first, *_], **rest}: return f"k {first} {rest}"
        case {}: return "mapping"
        case str() as s: return f"str {s}"
        case _: return "other"
for x in (0, 1, -3, 2.5, 1 + 2j, "hi", b"hi", None, True, 500, 50, 1.5, [], (7,), [1, 2, 3, 4], (1, 9),
    [9, 1], [5, 6], {"type": "point", "x": 1, "y": 2, "z": 3}, {"k": [1, 2], "other": 0}, {"q": 1}, "zzz",
    {1}, object, range(3)):
    print(x if not isinstance(x, type) else "object", "->", f(x))
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
def g(p):
    match p:
        case P(0, 0): return "origin"
        case P(x=0, y=v) | P(v, 0): return f"axis {v}"
        case P(x, y) if x == y: return f"diagonal {x}"
        case P(): return "point"
        case [P(x=a), P(x=b)]: return f"two {a} {b}"
        case str(s) | bytes(s): return s
print(g(P(0, 0)), g(P(0, 4)), g(P(4, 0)), g(P(3, 3)), g(P(1, 2)), g([P(1, 0), P(2, 0)]), g("s"), g(5))
class NoArgs: pass
for code in ("match P(1,2):\n case P(1, 2, 3): pass", "match NoArgs():\n case NoArgs(1): pass",
    "match 1:\n case int(1, 2): pass", "match {}:\n case {**rest}: print(rest)",
    "match 5:\n case x: print(x)"):
    try:
        exec(code)
    except TypeError as e:
        print(e)
class Const: A = 1
match 1:
    case Const.A: print("dotted")
match, case, type, _ = 1, 2, 3, 4
print(match, case, type, _)
match (1, 2):
    case 1, 2: print("open sequence")
