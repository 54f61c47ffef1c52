"""An instance's dict may have keys that are no strings and equal to the name of an attribute."""


class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        asked.append(other)
        return other == self.name


class C:
    def method(self):
        return "the class's"


asked = []
c = C()
c.__dict__[Key("attribute")] = 1
print(c.attribute, asked, getattr(c, "attribute"), hasattr(c, "other"), asked.count("other"))


def call(o):
    return o.method()


plain = C()
plain.x = 1
plain.__dict__
print({call(plain) for i in range(1000)})
for i in range(3):
    d = C()
    d.__dict__[Key("method")] = lambda: "its own"
    print(call(d), call(plain), call(d))
d.__dict__.clear()
print(call(d))
d.__dict__[Key("unequal")] = 1
print(call(d), call(d))


class Raises:
    def __hash__(self):
        return hash("raising")

    def __eq__(self, other):
        raise ZeroDivisionError


c.__dict__[Raises()] = 1
for f in (lambda: c.raising, lambda: c.raising(), lambda: hasattr(c, "raising"), lambda: getattr(c, "raising", 5)):
    try:
        print(f())
    except ZeroDivisionError:
        print("asked")
del c.attribute
print(list(map(type, vars(c))))


class Evil:
    def __hash__(self):
        return hash("attr")

    def __eq__(self, other):
        if hasattr(D, "attr"):
            del D.attr
        return False


class Descr:
    def __get__(self, instance, owner=None):
        return 1


class D:
    attr = Descr()


d = D()
d.__dict__[Evil()] = 0
print(d.attr, hasattr(d, "attr"))
