# The __dict__ of an instance: what is done to it, and to the instance, is seen by both, whatever the order.

import copy
import gc
import pickle
import sys
import weakref


class Plain:
    pass


class Four:
    def __init__(self):
        self.a = 1
        self.b = 2
        self.c = 3
        self.d = 4


class Int(int):
    pass


class Text(str):
    pass


class Key:
    """A key that is no str, but equal to one."""

    def __init__(self, text):
        self.text = text

    def __hash__(self):
        return hash(self.text)

    def __eq__(self, other):
        return self.text == other


def show(*values):
    print(*values)


def both(o):
    d = o.__dict__
    return list(d.items()), {name: getattr(o, name) for name in d if isinstance(name, str)}, len(d), d == dict(d), o.__dict__ is d


for cls in Plain, Four, lambda: Int(5):
    o = cls()
    d = o.__dict__
    show(both(o))
    o.x = 1
    show(both(o), d["x"], d.get("y"), "x" in d, "y" in d)
    d["y"] = 2
    o.x = 10
    show(both(o), o.y, d["x"])
    d.update({"z": 3}, w=4)
    d.update([("x", 5), ("v", 6)])
    show(both(o))
    show(d.setdefault("x", 0), d.setdefault("new", 7), o.new)
    del o.x
    show(both(o), hasattr(o, "x"))
    o.x = 8
    del d["y"]
    show(both(o))
    show(d.pop("x"), d.pop("x", None), d.popitem(), both(o))

for change in [
    lambda d: d.clear(),
    lambda d: d.popitem(),
    lambda d: d.pop("a"),
    lambda d: d.__delitem__("b"),
    lambda d: d.__setitem__(1, 2),
    lambda d: d.__setitem__("not a name", 2),
    lambda d: d.__setitem__(Text("a"), 2),
    lambda d: d.__setitem__(Text("e"), 2),
    lambda d: d.__setitem__(Key("a"), 2),
    lambda d: d.setdefault("e"),
    lambda d: d.setdefault(1),
    lambda d: d.update({1: 2}),
    lambda d: d.update(dict.fromkeys(map(str, range(3)))),
    lambda d: d.__ior__({"a": 0, "e": 5}),
    lambda d: [d.__setitem__(f"n{i}", i) for i in range(100)] and None,
]:
    o = Four()
    d = o.__dict__
    o.a = "first"
    result = change(d)
    show(result if result is not d else "itself", list(d.items())[:8], len(d), o.__dict__ is d, [getattr(o, n, None) for n in "abcde"])
    o.a = o.f = 9
    show(d["a"], d["f"], len(d))

# reading
o = Four()
d = o.__dict__
show(d, repr(d), str(d), d | {"e": 5}, {"e": 5} | d, {**d}, dict(d), d.copy(), copy.copy(d), copy.deepcopy(d))
show(list(d), list(reversed(d)), list(d.values()), list(reversed(d.items())), sorted(d), sorted(set(d)), len(frozenset(d)), tuple(d), [*d])
show(d.keys() & {"a", "z"}, d.items() >= {("a", 1)}, "a" in d.keys(), ("a", 1) in d.items(), 4 in d.values(), len(d.keys()))
show(d == {"a": 1, "b": 2, "c": 3, "d": 4}, d != {}, {"a": 1} == d, d == Four().__dict__)
show(d[Text("a")], d.get(Key("b")), Key("c") in d, d.get(1), d.get(1.5), d.get(("a",)), "".join(["a"]) in d, d["".join("b")])
show(dict.fromkeys(d, 0), (lambda **k: k)(**d), "%(a)s %(d)s" % d, "{a} {b}".format_map(d), eval("a + b + c", {}, d))
show(bool(d), bool(Plain().__dict__), Plain().__dict__ == {})
for bad in ("missing", 7, Key("missing")):
    try:
        d[bad]
    except KeyError as e:
        show("KeyError", type(e.args[0]).__name__)
try:
    d[[]]
except TypeError as e:
    show(e)

# iteration while it changes
o = Four()
d = o.__dict__
for name in d:
    d[name] = getattr(o, name) * 10
show(d)
for how in (lambda: setattr(o, "e", 1), lambda: d.__setitem__("f", 1), lambda: d.pop("f"), lambda: delattr(o, "e")):
    try:
        for name in d:
            how()
    except RuntimeError as e:
        show(e)
it = iter(d.items())
show(next(it), it.__length_hint__())
d[1] = d.pop("d")  # detached in the middle, of the same length
try:
    show(list(it))
except RuntimeError as e:
    show(e)

# the dict outlives the instance
def left():
    o = Four()
    o.me = [1, 2]
    return o.__dict__, weakref.ref(o)


d, r = left()
gc.collect()
show(d, r())
for i in range(3):
    junk = [Four() for _ in range(1000)]
    gc.collect()
show(d)
d["a"] = [3]
d["more"] = 1
gc.collect()
show(d)
d[2] = 3
del d["a"]
show(d)


class Finalized:
    def __init__(self):
        self.x = ["x"]

    def __del__(self):
        print("finalized", self.__dict__, self.x)


def left_behind():
    return Finalized().__dict__


d = left_behind()
gc.collect()
gc.collect()
show(d)


class Cyclic:
    def __init__(self):
        self.me = self


def cycle():
    c = Cyclic()
    return c.__dict__, weakref.ref(c)


d, r = cycle()
gc.collect()
show(list(d), type(d["me"]).__name__, r() is d["me"], d["me"].__dict__ is d)
del d
gc.collect()
show(r())

# dicts that belong to another instance, or to two
a, b = Four(), Plain()
b.old = 1
old = b.__dict__
b.__dict__ = a.__dict__
a.x = 1
b.y = 2
show(both(a), both(b), a.__dict__ is b.__dict__, old)
del b.a
b.c = "c"
show(both(a), both(b))
a.__dict__ = {}
show(both(a), both(b))


def dict_of_a_dropped_one():
    o = Plain()
    o.x = 1
    return o.__dict__


b.__dict__ = dict_of_a_dropped_one()
gc.collect()
b.__dict__[1] = None
b.x += 1
show(b.__dict__, b.x)
del b.__dict__
show(b.__dict__, hasattr(b, "x"))

# classes that change
class Other:
    def method(self):
        return self.a, self.__dict__


o = Four()
d = o.__dict__
o.__class__ = Other
o.e = 5
show(o.method(), o.__dict__ is d)
Other.a = property(lambda self: "property")
show(o.a, d["a"])
o = Four()
d = o.__dict__
Four.added = 1
o.e = 5
d["added"] = 2
show(o.added, both(o))
del Four.added

# namespaces
o = Plain()
exec("x = 1\ndef f():\n    global x\n    x += 1\n    return x", o.__dict__)
show(o.f(), o.x, o.f(), "__builtins__" in o.__dict__)
o = Plain()
exec("y = 2\nz = [y for _ in 'ab']", {}, o.__dict__)
show(o.y, o.z, type("Made", (), Four().__dict__).a)

# copies and pickles
o = Four()
o.__dict__
p = copy.copy(o)
q = pickle.loads(pickle.dumps(o))
p.a = q.b = 0
show(both(o), both(p), both(q))
show(sys.getsizeof(o.__dict__) > 0, vars(o) is o.__dict__, dir(o)[-4:])


class Cached:
    def __init__(self):
        self.count = 0

    def __getattr__(self, name):
        self.count += 1
        self.__dict__[name] = value = (name, self.count)
        return value


c = Cached()
show(c.x, c.y, c.x, c.count, c.__dict__)
