class Base:
    kind = "base"
    def who(self): return f"{type(self).__name__}:{self.kind}"
class Child(Base):
    kind = "child"
b, c = Base(), Child()
print(b.who(), c.who(), Base.who(c))
c.kind = "instance"; print(c.kind, Child.kind, c.__dict__, vars(b))
del c.kind; print(c.kind)
Base.extra = 5
print(b.extra, c.extra)
Child.extra = 6
print(c.extra)
del Child.extra
print(c.extra)
print(getattr(b, "nope", "dflt"), hasattr(b, "who"), hasattr(b, "x"), setattr(b, "x", 1), b.x,
    delattr(b, "x"), hasattr(b, "x"))
class Dyn:
    def __getattr__(self, name):
        return f"dynamic {name}" if not name.startswith("_") else super().__getattribute__(name)
    def __setattr__(self, name, v): object.__setattr__(self, name, ("set", v))
    def __delattr__(self, name): print("del", name); object.__delattr__(self, name)
d = Dyn()
d.a = 1
print(d.a, d.b)
del d.a
print(d.a)
class All:
    def __getattribute__(self, name):
        if name == "secret":
            raise AttributeError("hidden")
        return object.__getattribute__(self, name)
    secret = 5
print(hasattr(All(), "secret"), All.secret)
for bad in ("b.nope", "Base.nope", "b.nope.x", "(1).foo", "del_", "None.x", "b.whoo", "type(b).kynd",
    "object().x", "len.x"):
    try:
        print(eval(bad))
    except (AttributeError, NameError) as e:
        print(type(e).__name__, e)
try:
    del b.kind
except AttributeError as e:
    print(e)
try:
    object().x = 1
except AttributeError as e:
    print(e)
try:
    int.x = 1
except TypeError as e:
    print(e)
print(Base.__name__, Base.__qualname__, Base.__module__, Base.__bases__, Child.__mro__, Base.__dict__["kind"],
    Child.__base__, b.__class__ is Base)
