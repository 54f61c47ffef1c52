# Places that meet many classes, and classes that change after their attributes were cached.
def classes():
    made = []
    for n in range(10):
        body = {"value": n, "method": lambda self, n=n: (n, self.own)}
        made.append(type(f"C{n}", (), body))
    return made


def visit(o):
    o.own = getattr(o, "own", 0) + 1
    return o.value, o.own, o.method()


made = classes()
objects = [c() for c in made]
for turn in range(4):
    print([visit(o) for o in objects])
made[3].value = "changed"
made[4].method = lambda self: "other"
made[5].value = property(lambda self: "computed")
objects[6].value = "on the instance"
del made[7].value
made[7].__getattr__ = lambda self, name: f"missing {name}"
print([visit(o) for o in objects])


class Base:
    count = 0
    kind = "base"

    @staticmethod
    def free(x):
        return "static", x

    @classmethod
    def of(cls, x):
        return cls.__name__, x

    def __init__(self, kind=None):
        if kind:
            self.kind = kind
        Base.count += 1


class Derived(Base):
    pass


def use(o):
    return o.kind, o.free(1), o.of(2), o.count


for o in (Base(), Derived(), Derived("own")) * 3:
    print(use(o))
Base.free = lambda self, x: ("bound", x)
Base.of = "text"
try:
    print(use(Derived()))
except TypeError as e:
    print(e)
Derived.kind = property(lambda self: "read", lambda self, v: print("set", v))
print(Derived("stored").kind, Base("stored").kind)


class Meta(type):
    def __call__(cls, *args):
        return "called", args


class Plain(type):
    pass


class A(metaclass=Meta):
    pass


class B(metaclass=Plain):
    def __init__(self, x=5):
        self.x = x


for _ in range(3):
    print(A(1), B().x, B(7).x)
Plain.__call__ = lambda cls, *args: "late"
print(B(), B(1))
for c in (list, tuple, set, dict, str, int, float, range, enumerate, zip):
    try:
        print(c.__name__, type(c(())).__name__ if c is not range else c(3))
    except (TypeError, ValueError) as e:
        print(c.__name__, e)
