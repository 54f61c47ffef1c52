import sys, inspect
def inner():
    fr = sys._getframe()
    x = 5
    print(fr.f_code.co_name, fr.f_back.f_code.co_name, fr.f_lineno - fr.f_code.co_firstlineno,
        sorted(fr.f_locals), fr.f_globals is globals(), fr.f_builtins["len"] is len)
    return fr
def outer(): y = 1; return inner()
fr = outer(); print(fr.f_locals["x"], fr.f_code.co_varnames)
def write_through():
    a = 1
    loc = sys._getframe().f_locals
    loc["a"] = 99; loc["new"] = "extra"
    print(a, loc["new"], sorted(loc), locals() == {"a": 99, "loc": loc, "new": "extra"} or sorted(locals()))
    snap = locals(); snap["a"] = 0
    print(a)
write_through()
def cells():
    c = 1
    def use(): return c
    sys._getframe().f_locals["c"] = 7
    return use()
print(cells(), type(sys._getframe().f_locals).__name__, sys._getframe().f_locals is globals())
def gen():
    v = 1
    yield
    yield v
g = gen()
next(g)
g.gi_frame.f_locals["v"] = "patched"
print(next(g), inspect.getgeneratorstate(g), inspect.getgeneratorlocals(g))
def stack(): return [f.function for f in inspect.stack()]
def caller(): return stack()
print(caller())
try:
    (lambda: 1 / 0)()
except ZeroDivisionError as e:
    tb = e.__traceback__
    while tb: print(tb.tb_frame.f_code.co_name, tb.tb_lineno); tb = tb.tb_next
ns = {"z": 3}
exec("w = z + 1; q = [k for k in (w,)]", ns)
print(ns["w"], ns["q"], eval("z * w", ns), eval("a + b", {"a": 1}, {"b": 2}))
exec("def made(n): return n * z", ns); print(ns["made"](4), "__builtins__" in ns)
class Map(dict):
    def __missing__(self, k): return k.upper()
print(eval("foo + bar", {}, Map()))
c = compile("x + 1", "<mine>", "eval"); print(c.co_filename, eval(c, {"x": 41}), c.co_names, c.co_consts)
try:
    eval("1 +", {})
except SyntaxError as e:
    print(e.msg, e.lineno, e.offset, e.text)
