class Empty:
    def __len__(self): return 0
class No:
    def __bool__(self): return False
class Bad:
    def __bool__(self): return 1
class BadLen:
    def __len__(self): return -1
for x in (0, 1, 0.0, 0j, "", "0", [], [0], (), {}, set(), None, ..., NotImplemented is None, range(0),
    range(1), b"", Empty(), No(), object, lambda: 0):
    print(bool(x), not x, "yes" if x else "no")
for x in (Bad(), BadLen()):
    try:
        bool(x)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
print(True + True, True * 3, True == 1, {1: "a", True: "b"}, [10, 20][True], f"{True} {True:d} {False!r:>7}")
print(1 and 2, 0 and 2, 1 or 2, 0 or [], not (1 and 0), (None or 0) is None, 1 < 2 < 3, 1 < 3 < 2,
    1 == True != 2)
try:
    class B(bool): pass
except TypeError as e:
    print(e)
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(~True)
    print(caught[0].category.__name__)
