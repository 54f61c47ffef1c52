# Deleting instance attributes: order, many deletions, methods that are hidden and shown, other places in the code, classes that change.
class Plain:
    def __init__(self, n):
        self.a, self.b, self.c, self.d = n, n + 1, n + 2, n + 3

    def value(self):
        return "method"


def read(o):
    return [getattr(o, name, None) for name in "abcd"]


def get_b(o):
    return o.b


one, two, three = Plain(1), Plain(10), Plain(100)
print([get_b(o) for o in (one, two, three)])
del two.b
for o in (one, two, three, two):
    try:
        print(get_b(o))
    except AttributeError as e:
        print(e)
two.b = "back"
print([get_b(o) for o in (one, two, three)], list(two.__dict__), list(one.__dict__))
del one.a, one.c
print(one.__dict__, sorted(n for n in dir(one) if n[0] != "_"), hasattr(one, "a"))

# Without looking at __dict__ in between.
x = Plain(5)
del x.d
x.e = 1
del x.a
x.d = 2
print(read(x), x.e)
print(x.__dict__)
try:
    y = Plain(0)
    del y.a
    del y.a
except AttributeError as e:
    print(e)

# Again and again, over and over.
for rounds in (1, 5, 9, 40, 200):
    z = Plain(rounds)
    for n in range(rounds):
        z.b = n
        z.extra = n
        del z.b
        del z.extra
    z.b = "end"
    print(read(z), list(z.__dict__))

# A method that an attribute hides.
def call(o):
    return o.value()


w = Plain(1)
print(call(w))
w.value = lambda: "own"
print(call(w), call(two))
del w.value
print(call(w))

# Past the inline slots.
many = Plain(0)
for n in range(40):
    setattr(many, f"x{n}", n)
for n in range(0, 40, 7):
    delattr(many, f"x{n}")
print([k for k in vars(many)], many.x39)


# The class changes after the deletion: new names, another class.
class Other:
    pass


p, q = Plain(7), Plain(8)
del p.b, q.c
Plain.added = "class"
print(read(p), p.added, read(q))
p.b = 1
p.__class__ = Other
q.__class__ = Other
print(read(p), read(q), p.__dict__, q.__dict__)

# Slots and defaults.
class Slotted:
    __slots__ = ("s", "__dict__")


s = Slotted()
s.s, s.t, s.u = 1, 2, 3
del s.t, s.s
print(s.__dict__, hasattr(s, "s"), hasattr(s, "t"))


class Default:
    t = "default"


d = Default()
for n in range(3):
    print(d.t, end=" ")
    d.t = n
    print(d.t, end=" ")
    del d.t
print(d.t)

import copy
import pickle
g = Plain(3)
del g.a
print(copy.copy(g).__dict__, pickle.loads(pickle.dumps(g)).__dict__)
