"""How errors name the types of objects: with their module, unless that is builtins or __main__."""
class C:
    __hash__ = None
    __slots__ = "x",
for f in (lambda: {C(): 1}, lambda: {C()}, lambda: {}[C()], lambda: C() in {}, lambda: C().x, lambda: set().add(C()), lambda: frozenset([C()]), lambda: {}.get(C()), lambda: {[]}, lambda: {}.setdefault({}, 1)):
    try: f()
    except Exception as e: print(type(e).__name__, e)
C.__module__ = "elsewhere"
for f in (lambda: C().x, lambda: C().y, lambda: {C()}):
    try: f()
    except Exception as e: print(type(e).__name__, e)
for owner in ({1}, {}.keys(), (1,), "s", None, 1, C(), range(3), print, list[int], int | str, slice(1)):
    for key in (0, slice(1), "k", 2**70, -2**70):
        try: del owner[key]
        except Exception as e: print(type(e).__name__, e)
        try: owner[key] = 1
        except Exception as e: print(type(e).__name__, e)
try: b"by" % "s"
except TypeError as e: print(e)
