def f(a, /, b, *args, c=1, **kw):
    "doc"
    x = a + b
    def g(): return x
    return g
c = f.__code__
print(c.co_name, c.co_qualname, c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals,
    c.co_varnames, c.co_cellvars, c.co_freevars, hex(c.co_flags), c.co_firstlineno)
inner = [k for k in c.co_consts if hasattr(k, "co_name")][0]
print(inner.co_name, inner.co_qualname, inner.co_freevars)
r = c.replace(co_name="renamed", co_firstlineno=50)
print(r.co_name, r.co_firstlineno, c == r, c == f.__code__, hash(c) == hash(f.__code__))
print(sorted({l - c.co_firstlineno for _, _, l in c.co_lines() if l}), len(list(c.co_positions())) > 0)
def h(): return 1
h2 = type(h)(h.__code__, {}, "new", None, None); print(h2(), h2.__name__)
h.__code__ = (lambda: "swapped").__code__; print(h())
try:
    h.__code__ = inner
except ValueError as e:
    print(e)
f.__defaults__ = (5,)
print(f.__defaults__)
f.attr = 1
print(f.__dict__, f.attr, f.__doc__, f.__module__)
import inspect
print(inspect.signature(f), inspect.getfullargspec(f).args, inspect.signature(len),
    inspect.signature(str.split), inspect.signature(int.to_bytes), inspect.getdoc(f))
for k in ("co_code", "co_exceptiontable"):
    print(k, type(getattr(c, k)).__name__)
import marshal
m = marshal.loads(marshal.dumps((1, "a", 2.5, None, [1, {2: b"x"}], {3}, frozenset(), 2**100, 1j, True, ...)))
print(m)
code = marshal.loads(marshal.dumps(compile("r = [i * i for i in range(5)]", "m", "exec")))
ns = {}
exec(code, ns)
print(ns["r"])
