from dataclasses import dataclass, field, asdict, astuple, replace, fields, FrozenInstanceError, KW_ONLY, make_dataclass, InitVar
@dataclass(order=True)
class Item:
    name: str
    price: float = 0.0
    tags: list = field(default_factory=list, compare=False)
    _hidden: int = field(default=7, repr=False)
    def total(self): return self.price * 2
a, b = Item("a", 1.5), Item("b", 1.5, ["x"])
print(a, b, a < b, a == Item("a", 1.5, ["other"]), a.total(), asdict(b), astuple(a), replace(a, price=9),
    [f.name for f in fields(Item)])
@dataclass(frozen=True, slots=True)
class P:
    x: int
    y: int = 0
    def __post_init__(self):
        if self.x < 0: raise ValueError("negative")
p = P(1); print(p, hash(p) == hash(P(1)), {p: 1}[P(1, 0)], hasattr(p, "__dict__"))
for f in (lambda: setattr(p, "x", 2), lambda: P(-1), lambda: P(), lambda: Item(), lambda: Item("a", nope=1)):
    try:
        f()
    except (FrozenInstanceError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
@dataclass
class K(Item):
    _: KW_ONLY
    extra: str = "e"
    scale: InitVar[int] = 3
    def __post_init__(self, scale): self.price *= scale
print(K("k", 2.0, extra="z"), K.__match_args__)
for code in ("@dataclass\nclass B:\n a: int = 1\n b: int", "@dataclass\nclass B:\n a: list = []"):
    try:
        exec(code)
    except (TypeError, ValueError) as e:
        print(e)
M = make_dataclass("M", [("q", int), ("r", str, "dflt")]); print(M(1))
match p:
    case P(x, y=0): print("matched", x)
@dataclass(eq=False, repr=False)
class Plain: v: int
print(Plain(1) == Plain(1), Plain.__hash__ is object.__hash__)
@dataclass
class Tree:
    v: int
    kids: "list[Tree]" = field(default_factory=list)
t = Tree(1, [Tree(2)])
print(t, asdict(t))
t.kids.append(t)
print(repr(t))
