# Instances whose __dict__ was asked for: reading, storing, deleting, methods, class attributes that appear later.
class Plain:
    def __init__(self, n):
        self.a, self.b, self.c = n, n + 1, n + 2

    def total(self):
        return self.a + self.b + self.c


def read(o):
    return o.b


def write(o, v):
    o.b = v


def call(o):
    return o.total()


objects = [Plain(n) for n in range(6)]
for o in objects:
    vars(o)
for o in objects * 3:
    write(o, read(o) + 1)
print([read(o) for o in objects], [call(o) for o in objects])

# Other places in the dict, other sizes of dict.
moved = Plain(10)
d = moved.__dict__
d.clear()
d.update({f"x{n}": n for n in range(40)}, b=7, c=8, a=9)
print(read(moved), call(moved))
write(moved, 70)
print(read(moved), d["b"], list(d)[-3:])

# A name that is deleted and comes back.
del moved.b
try:
    read(moved)
except AttributeError as e:
    print(e)
write(moved, 1)
print(read(moved), list(d)[-3:])

# A new dict, one with keys that are no strings, one of a subclass.
moved.__dict__ = {1: 2, "b": "new", "a": "x", "c": "y"}
print(read(moved), call(moved))


class Mapping(dict):
    def __getitem__(self, key):
        return "never asked"


moved.__dict__ = Mapping(a=1, b=2, c=3)
print(read(moved), call(moved))
write(moved, 5)
print(dict(moved.__dict__))

# The instance hides a method, and shows it again.
moved.total = lambda: "own"
print(call(moved))
del moved.total
print(call(moved))
Plain.total = lambda self: "replaced"
print(call(moved), call(objects[0]))

# A property with the name of what the instances hold.
Plain.b = property(lambda self: "property", lambda self, v: print("set", v))
print(read(moved))
write(moved, 3)
del Plain.b
print(read(moved))
write(moved, 4)
print(read(moved))

# A class attribute as default, then hidden.
Plain.d = "default"


def read_d(o):
    return o.d


print([read_d(o) for o in objects[:2]])
objects[0].__dict__["d"] = "own"
print([read_d(o) for o in objects[:2]])
