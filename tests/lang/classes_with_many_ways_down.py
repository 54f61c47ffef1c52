"""Classes below others in many ways: what changes in one at the top costs no more than there are classes."""
import threading


class Root:
    def __call__(self):
        return "called"


lowest = Root
for i in range(14):
    left, right = type(f"Left{i}", (lowest,), {}), type(f"Right{i}", (lowest,), {})
    lowest = type(f"Both{i}", (left, right), {})


class Value:
    pass


class Holder:
    value = Value()


def change(round):
    instance = lowest()
    instance.own = round
    seen = [instance(), Holder().value.__class__]
    Value.__get__ = lambda self, instance, owner=None: "got"
    seen.append(Holder().value)
    del Value.__get__
    setattr(Root, f"name{round}", round)
    seen.append(getattr(instance, f"name{round}"))
    Root.__len__ = lambda self: round
    Root.__iter__ = lambda self: iter("ab")
    seen += [len(instance), list(instance)]
    del Root.__len__, Root.__iter__
    try:
        len(instance)
    except TypeError as error:
        seen.append(str(error))
    return seen


for round in range(3):
    print(change(round))
thread = threading.Thread(target=lambda: print(change(3)))
thread.start()
thread.join()
waiting = threading.Event()
thread = threading.Thread(target=waiting.wait)
thread.start()
print(change(4))
waiting.set()
thread.join()


class New(lowest):
    pass


print(New()(), len(New.__mro__))
