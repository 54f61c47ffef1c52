"""Special methods that come and go in one thread are called or not called in another, and nothing else happens."""
import threading


class Changing:
    pass


def length(self):
    return 3


def other(self, name):
    return name


def change():
    for _ in range(300):
        Changing.__len__ = length
        Changing.__getattr__ = other
        Changing.__call__ = length
        del Changing.__len__, Changing.__getattr__, Changing.__call__
    done.append(1)


done, results = [], set()
thread = threading.Thread(target=change)
o = Changing()
thread.start()
while not done:
    for f in (lambda: len(o), lambda: o.missing, lambda: o()):
        try:
            results.add(f())
        except (TypeError, AttributeError):
            pass
thread.join()
print(results <= {3, "missing"})
