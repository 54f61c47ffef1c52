"""Objects that are attributes of classes and become descriptors, or cease to be some, after the attributes were read often."""


def make_reader():
    """A function of its own for each object, so that its cache keeps what it knows of that one."""
    source = "def read(o):\n    for _ in range(50):\n        value = o.attribute\n    return value"
    namespace = {}
    exec(source, namespace)
    return namespace["read"]


readers = {}


def reader(o):
    return readers.setdefault(id(o), make_reader())(o)


class Plain:
    def __repr__(self):
        return "plain"


class Owner:
    attribute = Plain()


class Child(Owner):
    pass


owner, child = Owner(), Child()
owner.other = 1
child.attribute_of_its_own = 2


def show(when):
    print(when, reader(owner), reader(child), reader(Owner), reader(Child))


def get(self, instance, kind):
    return f"got by {kind.__name__} {instance is not None}"


show("as a value:")
Plain.__get__ = get
show("with __get__:")
owner.__dict__["attribute"] = "own"
print("no data descriptor:", reader(owner))
Plain.__set__ = lambda self, instance, value: print("set", value)
print("data descriptor:", reader(owner))
owner.attribute = 3
del Plain.__set__
print("no data descriptor again:", reader(owner))
del owner.attribute, Plain.__get__
show("a value again:")


# By another base, and by another class.
class Descriptor:
    __get__ = get


class Base:
    pass


class Derived(Base):
    def __repr__(self):
        return "derived"


Owner.attribute = Derived()
show("derived:")
Derived.__bases__ = (Descriptor,)
show("from a descriptor:")
Derived.__bases__ = (Base,)
show("no more:")


class Getter(Base):
    __get__ = get


Owner.attribute.__class__ = Getter
show("of another class:")


# What writes through a cache.
class Target:
    pass


def write(o):
    for value in range(50):
        o.attribute = value
    return o.__dict__


Target.attribute = Derived()
target = Target()
print(write(target))
Derived.__set__ = lambda self, instance, value: None
target.__dict__.clear()
print(write(target))
