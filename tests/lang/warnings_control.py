import warnings, sys
def old(): warnings.warn("old is deprecated", DeprecationWarning, stacklevel=2)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    old()
    old()
    warnings.warn("user")
    warnings.warn(RuntimeWarning("instance"))
    print([(x.category.__name__, str(x.message), x.lineno) for x in w])
with warnings.catch_warnings(record=True) as w:
    warnings.resetwarnings()
    warnings.simplefilter("default")
    [old() for _ in range(3)]
    print(len(w))
    warnings.filterwarnings("ignore", message="us.*")
    warnings.warn("user")
    warnings.warn("other")
    print(len(w))
    warnings.filterwarnings("error", category=UserWarning)
    try:
        warnings.warn("raised")
    except UserWarning as e:
        print("error", e)
warnings.showwarning = lambda m, c, f, l, file=None, line=None: print("shown:", c.__name__, m)
warnings.simplefilter("always")
warnings.warn("visible", FutureWarning)
for code in ("'a' is 'a'", "x = 1; x is 5", "assert (1, 'm')", "'\\z'", "[1] is []", "1if 1 else 2"):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        compile(code, "c", "exec")
        print(code, [(x.category.__name__, str(x.message)) for x in w])
@warnings.deprecated("use new")
def dep(): return 1
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    dep()
    print(w[0].message, dep.__deprecated__)
print(warnings.formatwarning("msg", UserWarning, "file.py", 5, "source line"), sys.warnoptions)
for bad in (lambda: warnings.warn("x", int), lambda: warnings.simplefilter("nope"), lambda: warnings.warn()):
    try:
        bad()
    except (TypeError, ValueError, AssertionError) as e:
        print(type(e).__name__, e)
