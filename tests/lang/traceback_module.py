import traceback, sys, io
def a(n):
    x = n
    return b(n) + 1
def b(n): return 1 / n
try:
    a(0)
except ZeroDivisionError as e:
    text = traceback.format_exc()
    print(text == "".join(traceback.format_exception(e)))
    print(text.split("\n", 2)[2])
    te = traceback.TracebackException.from_exception(e, capture_locals=True)
    print(te.exc_type_str, str(te),
        [(f.name, f.line, f.lineno, f.colno, f.end_colno, f.locals.get("x") if f.locals else None) for f in te.stack][1:])
    print(traceback.format_exception_only(e), traceback.extract_tb(e.__traceback__)[-1].name,
        len(traceback.extract_tb(e.__traceback__, limit=1)), traceback.format_tb(e.__traceback__, limit=-1))
    out = io.StringIO()
    traceback.print_exception(e, file=out, limit=1)
    print(out.getvalue().count("File"))
    print([f.f_code.co_name for f, l in traceback.walk_tb(e.__traceback__)])
    traceback.clear_frames(e.__traceback__)
try:
    exec("def f(:\n  pass")
except SyntaxError as e:
    print("".join(traceback.format_exception_only(e)),
        (e.filename, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text, e.msg))
def chain():
    try: raise KeyError("k")
    except KeyError as e: raise ValueError("v") from e
try:
    chain()
except ValueError as e:
    e.add_note("noted")
    print("".join(traceback.format_exception(e, chain=False)), "".join(traceback.format_exception(e)))
g = ExceptionGroup("g", [ValueError(1), ExceptionGroup("h", [KeyError(2)] * 3)])
print("".join(traceback.format_exception(g)), traceback.format_exception_only(g, show_group=True))
def stack(): return traceback.extract_stack()
print([f.name for f in stack()], traceback.format_stack()[-1].strip().split("\n")[-1],
    traceback.FrameSummary("f", 3, "n", line="code"))
print(traceback.format_list([("f.py", 1, "fn", "code here")]))
class E(Exception): pass
E.__module__ = "pkg.mod"
print(traceback.format_exception_only(E("x")), traceback.format_exception_only(E()),
    traceback.format_exception_only(SystemExit(3)))
sys.stderr = sys.stdout; traceback.print_stack(limit=1)
