def f(how):
    out = []
    try:
        out.append("try")
        if how == "raise": raise ValueError("v")
        if how == "key": {}["k"]
        if how == "return": return out
    except ValueError as e:
        out.append(f"except {e}")
    except (KeyError, IndexError) as e:
        out.append(f"lookup {e!r}")
    else:
        out.append("else")
    finally:
        out.append("finally")
    return out
for how in ("ok", "raise", "key", "return"):
    print(f(how))
def overriding():
    for i in range(3):
        try:
            if i == 1: continue
            return i
        finally:
            if i == 0: continue
            if i == 2: break
    return "end"
import warnings
print(overriding())
def nested():
    try:
        try:
            raise KeyError("inner")
        finally:
            print("inner finally")
    except KeyError as e:
        try:
            raise ValueError("second") from e
        except ValueError as e2:
            print(repr(e2.__cause__), repr(e2.__context__), e2.__suppress_context__)
            return "done"
print(nested())
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise TypeError("t")
except TypeError as e:
    print(repr(e.__context__), e.__cause__)
    err = e
try:
    e
except NameError as x:
    print(x)
try:
    raise ValueError from None
except ValueError as e:
    print(e.__suppress_context__, e.args, str(e) == "")
class MyError(Exception):
    def __init__(self, code, msg): super().__init__(msg); self.code = code
try:
    raise MyError(5, "boom")
except Exception as e:
    print(type(e).__name__, e.code, e, e.args, isinstance(e, MyError), e.__traceback__.tb_lineno)
for bad in ("raise 5", "raise int", "raise ValueError from 3", "raise", "try: raise KeyError\nexcept 5: pass",
    "try: raise KeyError\nexcept (ValueError, 'x'): pass"):
    try:
        exec(bad)
    except BaseException as e:
        print(bad.split("\n")[0], "->", type(e).__name__, e)
import sys
try:
    raise OSError(2, "No such file", "name")
except OSError as e:
    print(e, e.errno, e.strerror, e.filename, type(e).__name__, sys.exc_info()[0].__name__,
        sys.exception() is e)
print(sys.exc_info(), sys.exception())
e = ValueError("n")
e.add_note("note 1")
e.add_note("note 2")
print(e.__notes__)
assert True, "not shown"
try:
    assert 1 == 2, f"message {1 + 1}"
except AssertionError as e:
    print(e)
while True:
    try:
        break
    finally:
        print("leaving loop")
def gen():
    try:
        yield 1
        yield 2
    finally:
        print("gen closed")
for x in gen():
    break
