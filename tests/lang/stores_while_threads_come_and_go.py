"""Stores of every kind lose nothing where there is one thread, then several, then one again, whoever starts them."""
import ctypes
import threading

c_library = ctypes.CDLL(None)
start_type = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
c_library.pthread_create.argtypes = [ctypes.c_void_p, ctypes.c_void_p, start_type, ctypes.c_void_p]
c_library.pthread_join.argtypes = [ctypes.c_ulong, ctypes.c_void_p]


class Plain:
    def __init__(self):
        self.first = self.second = 0


class Over:  # its instances hide attributes of the class
    first = second = 0


class Many:  # more than fit into the instance, and then a dictionary
    def __init__(self):
        for i in range(90):
            setattr(self, f"name{i}", 0)
        self.first = self.second = 0


class Dict(dict):
    pass


def first(n):
    global first_global
    for i in range(n):
        for o in objects:
            o.first += 1
        for d in dicts:
            d["first"] += 1
            d[1] += 1
            d["new", i] = i
        items[0] += 1
        items[-2] += 1
        a, b = pair = [items[0], i]
        made.append([x for x in pair])
        first_global += 1
        Plain().first = i


def second(n):
    global second_global
    for i in range(n):
        for o in objects:
            o.second += 1
            setattr(o, f"other{i % 20}", i)
        for d in dicts:
            d["second"] += 1
            d[2] += 1
            d["other", i] = i
        items[1] += 1
        items[-1] += 1
        a, b = pair = [i, items[1]]
        made.append([x for x in pair])
        second_global += 1


def check(rounds, others):
    print([(o.first == rounds, o.second == others) for o in objects])
    print([(d["first"] == d[1] == rounds, d["second"] == d[2] == others, len(d)) for d in dicts])
    print(items[0] == items[-2] == rounds, items[1] == items[-1] == others, len(made), first_global == rounds, second_global == others)


objects, dicts = [Plain(), Over(), Many()], [{"first": 0, "second": 0, 1: 0, 2: 0}, Dict(first=0, second=0)]
dicts[1].update({1: 0, 2: 0})
items, made = [0, 0, 0, 0], []
first_global = second_global = rounds = others = 0
for _ in range(60):
    first(20)
    thread = threading.Thread(target=second, args=(40,))
    thread.start()
    first(40)
    thread.join()
    second(20)
    rounds += 60
    others += 60
check(rounds, others)


@start_type
def foreign(argument):
    second(1000)
    return None


thread = ctypes.c_ulong()
assert c_library.pthread_create(ctypes.byref(thread), None, foreign, None) == 0
first(2000)
assert c_library.pthread_join(thread, None) == 0
first(10)
check(rounds + 2010, others + 1000)

# Stores into one place by two threads: one of the two values remains, and it is whole.
def fill(o, mark):
    for i in range(5000):
        o.first = mark
        dicts[0]["place"] = mark
        items[0] = mark


for _ in range(5):
    threads = [threading.Thread(target=fill, args=(objects[0], mark)) for mark in ("one", "two")]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print({objects[0].first, dicts[0]["place"], items[0]} <= {"one", "two"})
