# Classes that two threads register with one abstract base class at once: none is lost.
import abc
import sys
import threading

sys.setswitchinterval(1e-5)

N = 1000
bases = [abc.ABCMeta("Base", (), {}) for _ in range(N)]
classes = [[type("C", (), {}) for _ in range(N)] for _ in range(2)]
at = [0, 0]


def register(k):
    for i in range(N):
        at[k] = i
        while at[1 - k] < i:
            pass
        bases[i].register(classes[k][i])
    at[k] = N


threads = [threading.Thread(target=register, args=(k,)) for k in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sum(not issubclass(c, base) for k in range(2) for base, c in zip(bases, classes[k])))
