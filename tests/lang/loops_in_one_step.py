"""What goes through all of a dict or set in one call sees no finalizer and no other thread change it meanwhile."""
import marshal
import pickle
import threading

d = {i: 2**70 + i for i in range(4000)}
numbers = set(d)


class Adds:
    def __del__(self):
        d[len(d)] = 2**70
        numbers.add(len(numbers))


def garbage():
    a = Adds()
    a.itself = a


# Each makes its iterator and goes through it in one call: between two calls a finalizer may run.
calls = {
    "sum": lambda: sum(d.values()),
    "max": lambda: max(d.values(), key=float),
    "all": lambda: all(d.items()),
    "list": lambda: list(d.items()),
    "tuple": lambda: tuple(d.items()),
    "set": lambda: set(d.items()),
    "sum of a set": lambda: sum(numbers),
    "sorted": lambda: sorted(numbers, key=float),
    "repr": lambda: repr(d),
    "pickle": lambda: pickle.dumps(d),
}
for name, call in calls.items():
    try:
        for _ in range(60):
            garbage()
            call()
        print(name, "went through")
    except RuntimeError as error:
        print(name, error)

changing, done = set(range(50)), False


def change():
    i = 1000
    while not done:
        changing.add(i)
        i += 1
        if i % 3000 == 0:
            changing.clear()
            changing.update(range(50))


other = set(range(100))
views = dict.fromkeys(range(100))
calls = {
    "sum": lambda: sum(changing),
    "max": lambda: max(changing, default=0),
    "any": lambda: any(changing),
    "all": lambda: all(changing),
    "keys &": lambda: views.keys() & changing,
    "keys disjoint": lambda: views.keys().isdisjoint(changing),
    "difference": lambda: other - changing,
    "superset": lambda: other.issuperset(changing),
    "pickle": lambda: pickle.loads(pickle.dumps(changing)),
    "marshal": lambda: marshal.loads(marshal.dumps(changing)),
}
thread = threading.Thread(target=change)
thread.start()
try:
    for name, call in calls.items():
        errors = set()
        for _ in range(150):
            try:
                call()
            except RuntimeError as error:
                errors.add(str(error))
        print(name, errors or "went through")
finally:
    done = True
    thread.join()
