"""gc.collect() frees what only leftovers of ended calls and caches of running code still refer to."""
import gc
import sys
import types
import weakref


class C:
    pass


def cycle(make):
    o = C()
    reference = weakref.ref(o)
    container = make(o)
    o.x = iter(container)
    del o, container
    gc.collect()
    return reference() is None


print([cycle(make) for make in (lambda o: [o, 1], lambda o: {o, 1}, lambda o: frozenset([o, 1]), lambda o: {o: 1}, lambda o: (o,))])


def module():
    m = types.ModuleType("m")
    m.f = len
    m.m = m
    reference = weakref.ref(m)
    for _ in range(10):
        m.f([])
        m.f
    del m
    gc.collect()
    return reference() is None


print(module())


def class_of_instance(use):
    class D:
        kind = 1

        def __init__(self):
            self.a = 1

        def method(self):
            return self.a

        @property
        def half(self):
            return 0.5

    reference = weakref.ref(D)
    for _ in range(10):
        use(D)
    del D
    gc.collect()
    return reference() is None


def reads(cls):
    o = cls()
    o.b = 2
    return o.a, o.b, o.kind, o.method(), o.half, cls.kind, cls.method


print([class_of_instance(use) for use in (reads, lambda cls: cls().method(), lambda cls: cls.kind)])


# A cache that was emptied works again, and says no to what looks like nothing.
def read(o):
    return o.kind


for o in (C, C(), 0, 1, 2.5, None, "", sys):
    try:
        print(read(o))
    except AttributeError as e:
        print(e)


# Callbacks may collect, too.
def nested(phase, info):
    if phase == "start" and len(depth) < 2:
        depth.append(phase)
        gc.collect()


depth = []
gc.callbacks.extend([nested, nested])
gc.collect()
gc.callbacks.clear()
print(depth)
w = weakref.ref(C(), lambda r: gc.collect())
gc.collect()
print(w())
