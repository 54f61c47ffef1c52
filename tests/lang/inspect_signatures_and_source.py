import inspect, functools
def f(a, b: int = 1, /, *args, c, d: str = "x", **kw) -> list: "Doc line.\n\n    indented"; return []
class C:
    "class doc"
    attr = 5
    def __init__(self, x, y=2): ...
    @classmethod
    def cm(cls, q): ...
    @staticmethod
    def sm(z): ...
    @property
    def prop(self): "p doc"
    def meth(self, k): ...
    async def co(self): ...
    def gen(self): yield
for o in (f, C, C.cm, C.sm, C(1).meth, functools.partial(f, 1, c=5), lambda x, *, y: 0, print, sorted,
    dict.get, [].sort, int.__add__, type("T", (), {"__call__": lambda s, a: a})()):
    try:
        print(inspect.signature(o))
    except ValueError as e:
        print("ValueError", str(e)[:30])
s = inspect.signature(f)
b = s.bind(1, 2, 3, c=4, e=5)
print(b.arguments, b.args, b.kwargs)
b.apply_defaults()
print(b.arguments)
print([(p.name, p.kind.description, p.default is p.empty) for p in s.parameters.values()],
    s.return_annotation, s.replace(return_annotation=int))
for args in ((), (1,), (1, 2)):
    try:
        s.bind(*args)
    except TypeError as e:
        print(e)
print(inspect.getdoc(f), inspect.getdoc(C.prop), inspect.isfunction(f), inspect.ismethod(C(1).meth),
    inspect.isclass(C), inspect.isbuiltin(len), inspect.isgeneratorfunction(C.gen),
    inspect.iscoroutinefunction(C.co), inspect.ismodule(inspect), inspect.isdatadescriptor(C.prop),
    inspect.isroutine(str.upper))
print(inspect.getsource(C.cm), inspect.getsourcelines(f)[1], inspect.getfile(f) == __file__,
    inspect.getmodule(C).__name__, inspect.getmro(C)[1],
    sorted(n for n, v in inspect.getmembers(C) if not n.startswith("__")),
    inspect.cleandoc("  a\n    b\n  c"), inspect.getattr_static(C(1), "prop").__class__.__name__,
    inspect.unwrap(functools.wraps(f)(lambda: 0)) is f, inspect.getclosurevars(f).unbound,
    inspect.getcallargs(f, 1, c=2))
