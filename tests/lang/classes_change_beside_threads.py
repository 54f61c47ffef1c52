# Classes get and lose attributes, and what their instances' layouts were goes, while threads use and make such instances.
import copy
import gc
import sys
import threading

sys.setswitchinterval(1e-4)
CHANGES = 60
NAMES = [f"name{i}" for i in range(24)]


class Base:
    def __init__(self, number):
        self.number = number
        self.twice = 2 * number

    def total(self):
        return self.number + self.twice + self.shift

    shift = 0


below = [type(f"Below{i}", (Base,), {}) for i in range(12)]
shared = [c(i) for i, c in enumerate(below)]
stopped = False
failures = []


def check(right, *what):
    if not right:
        failures.append(what)


def change():
    global stopped
    for i in range(CHANGES):
        setattr(Base, f"given{i % 5}", i)
        if i % 5 == 4:
            for j in range(5):
                delattr(Base, f"given{j}")
        gc.collect()
    stopped = True


def use_shared(thread):
    turn = 0
    while not stopped:
        turn += 1
        for i, o in enumerate(shared):
            check(o.total() == 3 * i and o.number == i, "total", i)
            name = f"of_thread_{thread}_{turn % 30}"
            setattr(o, name, turn)
            check(getattr(o, name) == turn, "own", name)
            d = vars(o)
            check(d["number"] == i and d["".join(("tw", "ice"))] == 2 * i, "dict", i)
            d["".join(("by_dict_", str(thread)))] = turn
            check(getattr(o, f"by_dict_{thread}") == turn, "by dict", i)
            check(dict(d)["number"] == i and copy.copy(o).twice == 2 * i, "copies", i)
            delattr(o, name)
            check(not hasattr(o, name), "deleted", name)


def make(thread):
    turn = 0
    while not stopped:
        turn += 1
        for i, c in enumerate(below):
            o = c(i)
            count = (turn + i) % len(NAMES)
            for name in NAMES[:count]:
                setattr(o, name, name)
            o.last = turn
            if turn % 4 == 0:
                o.__dict__["later"] = turn
            elif turn % 4 == 1:
                del o.last
                o.last = turn
            elif turn % 4 == 2:
                o.__class__ = below[(i + 1) % len(below)]
            expected = {"number": i, "twice": 2 * i, "last": turn} | {name: name for name in NAMES[:count]}
            if turn % 4 == 0:
                expected["later"] = turn
            check(vars(o) == expected, "attributes", vars(o), expected)
            check(o.total() == 3 * i, "total of", i)


workers = [threading.Thread(target=f, args=(n,)) for n, f in enumerate((use_shared, use_shared, make, make))]
changer = threading.Thread(target=change)
for t in workers + [changer]:
    t.start()
for t in workers + [changer]:
    t.join()
print("failures:", failures[:3])
for i, o in enumerate(shared):
    print(type(o).__name__, o.total(), sorted(k for k in vars(o) if not k.startswith(("of_thread", "by_dict"))))
