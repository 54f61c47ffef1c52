from enum import Enum, IntEnum, Flag, IntFlag, auto, unique, StrEnum, nonmember
class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
    def describe(self): return f"{self.name.lower()}={self.value}"
print(Color.RED, repr(Color.GREEN), Color(1), Color["RED"], Color.CRIMSON is Color.RED, list(Color),
    Color.RED.describe(), len(Color), Color.RED in Color, Color.__members__.keys())
print(Color.RED == 1, Color.RED != Color.GREEN, {Color.RED: "r"}[Color(1)], isinstance(Color.RED, Color),
    Color.RED.name, type(Color.RED).__name__)
class N(IntEnum):
    A = auto()
    B = auto()
    C = 10
    D = auto()
print(N.B + 1, N.D, N.A < N.C, f"{N.C} {N.C!r}", sorted(N, reverse=True)[0], int(N.D))
class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W
print(Perm.R | Perm.X, Perm.RW, Perm.RW & Perm.W, ~Perm.R, Perm.R in Perm.RW, bool(Perm(0)), list(Perm.RW),
    Perm(7), repr(Perm.R ^ Perm.RW))
class I(IntFlag): A = 1; B = 2
print(I.A | I.B, I(3) == 3, I.A | 8, repr(I(9)))
class S(StrEnum): ONE = auto(); TWO = "2"
print(S.ONE, S.ONE == "one", S("2"), S.TWO.upper(), repr(S.TWO))
class Planet(Enum):
    EARTH = (5.97, 6.37); MARS = (0.64, 3.39)
    def __init__(self, mass, radius): self.mass, self.radius = mass, radius
    @property
    def density(self): return round(self.mass / self.radius ** 3, 4)
    @classmethod
    def _missing_(cls, value): return cls.EARTH if value == "home" else None
print(Planet.MARS.density, Planet("home"), Planet.EARTH.value)
F = Enum("F", "a b c"); print(list(F), F.b.value)
for f in (lambda: Color(9), lambda: Color["X"], lambda: Color.X, lambda: setattr(Color, "RED", 5),
    lambda: type("Y", (Color,), {}), lambda: Color.RED < Color.GREEN, lambda: Planet(3)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
try:
    @unique
    class U(Enum): A = 1; B = 1
except ValueError as e:
    print(e)
match Color.GREEN:
    case Color.RED: print("red")
    case Color.GREEN: print("green")
import pickle; print(pickle.loads(pickle.dumps(Color.RED)) is Color.RED)
