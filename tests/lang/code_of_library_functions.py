"""Functions of modules that every program imports look the same before and after their first call."""
import gc
import inspect
import linecache
import marshal
import os
import posixpath

print(inspect.signature(os.path.relpath), inspect.signature(os.walk))
print(posixpath.commonpath.__doc__, posixpath.splitroot.__name__, posixpath.splitroot.__qualname__)
code = posixpath.commonpath.__code__
print(code.co_varnames[:2], code.co_argcount, code.co_names[:2], code.co_freevars)
print(code == posixpath.commonpath.__code__, code == posixpath.commonprefix.__code__, code.replace() == code)
print(marshal.loads(marshal.dumps(code)) == code)
inner = [c for c in os.fwalk.__code__.co_consts if hasattr(c, "co_code")]
print(len(inner), [c.co_name for c in os._fspath.__code__.co_consts if hasattr(c, "co_name")])
print([c.co_name for c in gc.get_referents(linecache.updatecache) if hasattr(c, "co_consts") and c.co_consts])

for call in (lambda: posixpath.commonpath(), lambda: posixpath.commonpath(1, 2), lambda: posixpath.commonpath(spam=1),
             lambda: posixpath.relpath(start="x"), lambda: os.fspath()):
    try:
        call()
    except TypeError as error:
        print(error)
print(posixpath.commonpath(["/a/b", "/a/c"]), posixpath.relpath("/a/b", start="/a/c"), list(os.walk("/nowhere")))
posixpath.splitdrive.__code__ = (lambda p: ("drive", p)).__code__
print(posixpath.splitdrive("x"))
