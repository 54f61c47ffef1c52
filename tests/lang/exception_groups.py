def show(e, depth=0):
    print("  " * depth + repr(e))
    if isinstance(e, BaseExceptionGroup):
        for x in e.exceptions: show(x, depth + 1)
eg = ExceptionGroup("top",
    [ValueError(1), TypeError("t"), ExceptionGroup("sub", [KeyError("k"), ValueError(2)])])
show(eg); print(eg, eg.message, len(eg.exceptions))
m, r = eg.split(ValueError)
show(m)
show(r)
show(eg.subgroup(lambda e: isinstance(e, KeyError)))
print(eg.subgroup(OSError))
show(eg.derive([OSError(5)]))
try:
    raise eg
except* ValueError as g:
    print("values"); show(g)
except* (TypeError, KeyError) as g:
    print("others"); show(g)
else:
    print("never")
finally:
    print("finally")
try:
    try:
        raise ExceptionGroup("g", [ValueError("a"), OSError("b")])
    except* ValueError:
        raise KeyError("new")
except BaseExceptionGroup as e:
    show(e); print(e.__context__ is None)
try:
    try:
        raise ValueError("naked")
    except* ValueError as g:
        show(g)
except BaseException as e:
    print("not reached")
try:
    try:
        raise eg
    except* ValueError as g:
        raise
except* TypeError as g:
    show(g)
except* Exception as g:
    show(g)
print(type(BaseExceptionGroup("b", [ValueError()])).__name__,
    type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)
for args in (("m", []), ("m", [1]), (1, [ValueError()]), ("m",), ("m", [KeyboardInterrupt()])):
    try:
        ExceptionGroup(*args)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
try:
    try:
        raise ExceptionGroup("x", [ValueError()])
    except* ExceptionGroup:
        pass
except TypeError as e:
    print(e)
try: raise ExceptionGroup("no parens", [KeyError(1)])
except* KeyError, ValueError: print("pep 758")
