# A class that gets or loses an attribute gives up the layouts of its instances. Those that no instance has any more go with the
# next full collection, and others get their numbers: instances of then and caches of now must not meet.
import gc
import time


class Base:
    kind = "base"

    def describe(self):
        return self.kind, sorted(vars(self).items())


def read(o):
    return o.a, o.b


def write(o, value):
    o.a = value
    o.c = value
    return o.c


def add(o, value):
    o.late = value
    return o.late


def make(order, c):
    o = c()
    for n, name in enumerate(order):
        setattr(o, name, (name, n))
    return o


# Instances that nobody looks at for long, each from another time of the class.
class Kept(Base):
    pass


old = []
for turn in range(40):
    o = make("abcd"[: turn % 5], Kept)
    if turn % 3 == 0:
        vars(o)
    if turn % 7 == 0:
        o.__dict__ = dict(vars(o), own=turn)
    if turn % 4 == 3:
        o.first = 1
        del o.first
    old.append(o)
    setattr(Base, f"given{turn}", turn)
    if turn % 10 == 9:
        gc.collect()
gc.collect()
print([o.describe() for o in old])
for turn in range(40):
    delattr(Base, f"given{turn}")
gc.collect()
print([add(o, n) for n, o in enumerate(old)] == list(range(40)))
gc.collect()
print(old[0].describe(), old[1].describe(), old[38].describe())

# The same instructions meet layouts of the same numbers, in which the names lie elsewhere.
orders = ["ab", "ba", "xab", "bxa", "xyzba", "abxyz", "bcxa", "cab"]
right = True
for turn in range(60):
    order = orders[turn % len(orders)]
    c = type(f"Made{turn}", (Base,), {"kind": turn})
    objects = [make(order, c) for _ in range(3)]
    for o in objects:
        right &= read(o) == (("a", order.index("a")), ("b", order.index("b")))
    c.more = turn
    for o in objects[:2]:
        right &= read(o) == (("a", order.index("a")), ("b", order.index("b"))) and write(o, turn) == turn and add(o, turn) == turn
    c.still_more = turn
    if turn % 2:
        gc.collect()
    right &= write(objects[2], turn) == turn and list(vars(objects[2])) == list(dict.fromkeys(order + "ac"))
    right &= o.describe()[0] == turn
    del c, o, objects
print(right)


# What else has a shape: classes, tuples with names, instances without room for attributes, exceptions, modules.
class Meta(type):
    def __call__(cls, *args):
        o = super().__call__(*args)
        o.made_by = cls.__name__
        return o


class Made(metaclass=Meta):
    pass


class Slotted:
    __slots__ = ("left", "right")


class Failure(Exception):
    pass


class Pair(tuple):
    pass


kept = [Made(), Slotted(), Failure("x"), Pair((1, 2)), time.gmtime(0), Made]
kept[1].left = "left"
kept[2].code = 3
kept[3].name = "pair"
Made.label = "label"
for turn in range(6):
    for c in Meta, Made, Slotted, Failure, Pair:
        setattr(c, f"given{turn}", turn)

    class Descriptor:  # what is known of the attributes of all classes is forgotten
        pass

    Slotted.tool = Descriptor()
    Descriptor.__get__ = lambda self, instance, owner=None: "got"
    gc.collect()
    kept.append(Made())
    print(kept[1].tool, kept[1].left, kept[2].code, kept[3].name, kept[3].given0, kept[4].tm_year, kept[4][:3], kept[0].made_by)
print([type(o).__name__ for o in kept], Made.label, Made.given0, kept[-1].made_by, kept[5].given5)


# Instances change their class between collections.
class One(Base):
    def __init__(self):
        self.a = "a"


class Two(One):
    kind = "two"


moving = [One() for _ in range(8)]
for turn in range(12):
    for n, o in enumerate(moving):
        if (turn + n) % 3 == 0:
            o.__class__ = Two if type(o) is One else One
        if n == turn % 8:
            setattr(o, f"own{turn}", turn)
    setattr(One, f"given{turn}", turn)
    gc.collect()
print([o.describe() for o in moving])

# What is frozen keeps its layout as well; so do dicts that outlive their instances.
frozen = [make("ab", One) for _ in range(3)]
lent = vars(make("ba", One))
One.before = 1
gc.freeze()
for turn in range(4):
    setattr(Base, f"again{turn}", turn)
    gc.collect()
    print(frozen[0].describe(), lent, sorted(lent.items()))
gc.unfreeze()
gc.collect()
lent["c"] = "c"
print(frozen[1].describe(), frozen[2].again3, list(lent))
