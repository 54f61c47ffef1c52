"""Classes called with *args and **kwargs: as deep, and with the same errors, as without."""
import sys
import traceback


class Point:
    def __init__(self, x, y=2, *rest, z=3, **names):
        self.values = x, y, rest, z, names

    def __repr__(self):
        return f"Point{self.values}"


class Slotted:
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a


class Finalized(Point):
    def __del__(self):
        print("finalized", self.values)


many = tuple(range(20))
print(Point(*[1]), Point(*(1, 2), **{"z": 4}), Point(*many), Point(1, *many, z=0, **{"a": 1, "b": 2}), Point(**{"x": 5}))
print(Slotted(*"a").a, Slotted(**{"a": 1}).a)


def made_and_let_go_of():
    Finalized(*many)


made_and_let_go_of()


def generator():
    for i in range(3):
        yield Point(*(i,), **{"z": i})
        yield Point(*range(i + 14))


print(*generator(), sep="\n")

for args, kwargs in [((), {}), ((1,), {"x": 2}), ((1,), {"y": 2}), (many, {"q": 1})]:
    for cls in Point, Slotted:
        try:
            print(cls.__name__, type(cls(*args, **kwargs)).__name__)
        except TypeError as error:
            print(error)


class Returns:
    def __init__(self, what):
        return what


class Raises:
    def __init__(self, *args, **kwargs):
        self.args = args
        raise ValueError(args, kwargs)


print(type(Returns(*[None])).__name__)
for call in lambda: Returns(*[1]), lambda: Raises(*[1], **{"a": 2}):
    try:
        call()
    except (TypeError, ValueError):
        traceback.print_exc(file=sys.stdout)


class Deep:
    def __init__(self, *args):
        self.args = args
        Deep(*args, self)


class Nested:
    def __init__(self, depth, **kwargs):
        self.inner = Nested(*(depth - 1,), **kwargs) if depth else sys._getframe().f_code.co_name


try:
    Deep(*[1])
except RecursionError as error:
    print(error)
n = Nested(*(300,), **{"a": 1})
while isinstance(n, Nested):
    n = n.inner
print(n)


class Meta(type):
    def __call__(cls, *args, **kwargs):
        print("called", args, kwargs)
        return super().__call__(*args, **kwargs)


class Made(metaclass=Meta):
    def __init__(self, a, b=0):
        self.sum = a + b


class New:
    def __new__(cls, *args, **kwargs):
        print("new", args, kwargs)
        return super().__new__(cls)

    def __init__(self, *args):
        self.args = args


print(Made(*[1], **{"b": 2}).sum, New(*[1, 2]).args)
Point.__init__ = lambda self, *args: setattr(self, "values", args)
print(Point(*[1, 2, 3]))
