# Class attributes that get new values all the time: what was found out about the class and its subclasses stays right.
class Base:
    made = 0
    kind = "base"

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Base.made += 1

    def name(self):
        return "base"


classes = []
for n in range(30):
    class Sub(Base):
        number = n

        def describe(self):
            return self.kind, self.number, self.made, self.name()
    classes.append(Sub)
print(Base.made, [c().describe() for c in classes[-3:]])

# The same places see each new value, of whatever kind.
o = classes[0]()


def look():
    return o.kind, classes[0].kind, type(o).made, o.name()


print(look())
for value in ("other", property(lambda self: "computed"), 5, staticmethod(len), classmethod(lambda cls: cls.__name__)):
    Base.kind = value
    print(getattr(o, "kind") if not callable(getattr(o, "kind")) else "callable", type(classes[0].__dict__.get("kind")))
Base.kind = 1
Base.name = lambda self: "replaced"
print(look())
classes[0].kind = "own"
print(look())
Base.kind = 2
print(look())
del classes[0].kind
print(look())

# Special names are seen at once.
print(len([c for c in classes if hasattr(c, "__len__")]))
Base.__len__ = lambda self: 3
print(len(o), bool(o))
Base.__len__ = lambda self: 0
print(len(o), bool(o))
Base.__init__ = lambda self, x: setattr(self, "x", x)
print(classes[3](4).x)
Base.__init__ = lambda self, x: setattr(self, "x", -x)
print(classes[3](4).x)
Base.__reduce__ = lambda self: (int, (7,))
import copy
print(copy.copy(classes[3](1)))


# Entries that appear in a class's namespace by themselves move what is there.
class Full:
    x: int = 1
    a0 = a1 = a2 = a3 = 0


def read():
    return full.x, Full.x


full = Full()
print(read(), read())
for n in range(40):
    Full.x = n
    setattr(Full, f"extra{n}", n)
    assert read() == (n, n)
    Full.__annotations__
    Full.x = -n
    assert read() == (-n, -n)
Full.__doc__ = "text"
Full.x = "last"
print(read())
