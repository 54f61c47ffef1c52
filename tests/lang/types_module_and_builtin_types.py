import types, sys
def f(): yield
async def co(): pass
class K: x = 1
print(types.FunctionType is type(f), types.GeneratorType is type(f()), types.BuiltinFunctionType is type(len),
    types.MethodType(lambda s, y: (s, y), 5)(6), types.NoneType(), types.CodeType.__name__,
    types.MappingProxyType({"a": 1}), types.SimpleNamespace(b=2, a=1), types.ModuleType("m"),
    types.CellType(5).cell_contents, types.UnionType is type(int | str), types.EllipsisType())
n = types.SimpleNamespace(x=1)
n.y = [n.x]
print(n, n == types.SimpleNamespace(x=1, y=[1]), vars(n))
p = types.MappingProxyType({"k": 1})
print(p["k"], p | {"z": 2}, len(p), list(p), p.get("q"), isinstance(p, dict))
try:
    p["k"] = 2
except TypeError as e:
    print(e)
T = types.new_class("T", (K,), {}, lambda ns: ns.update(y=2))
print(T.y, T.x, types.resolve_bases((K,)), types.prepare_class("Q", (K,))[0])
@types.DynamicClassAttribute
def dyn(self): return "dyn"
print(type(dyn).__name__, types.get_original_bases(T), repr(f).split(" at ")[0], repr(K.__dict__["x"]),
    type(K.__dict__).__name__, repr(types.FunctionType), repr(len), repr([].append).split(" at ")[0],
    repr(str.upper), repr(K), repr(K().__init__).split(" of ")[0], repr(sys), repr(type(None)), repr(...),
    repr(NotImplemented), repr(property).split()[0])
c = co()
print(type(c).__name__)
c.close()
print(isinstance(1, object), type(type) is type, type.__mro__, object.__subclasshook__(1), object().__eq__(1),
    object.__doc__, (5).__class__, type(5)(7), callable(K), callable(5), id(K) == id(K),
    hash(None) == hash(None), dir(5)[:3])
for code in ("types.FunctionType(5, {})", "types.NoneType(1)", "type('a', 'b')", "type(1, 2, 3)", "object(1)",
    "NotImplemented()", "bool(NotImplemented)", "type.__call__()", "super().x",
    "len.__self__.nope", "isinstance(1, 1)", "issubclass(1, int)", "callable()", "hash([])", "chr(-1)",
    "ord('ab')", "round('x')", "getattr(1)", "vars(1)", "dir(1, 2)", "id()", "input(1, 2)", "abs('x')",
    "bin(1.5)", "divmod(1)", "pow(1)", "sum(1)", "open()", "__import__(5)", "compile()", "exec(5)", "eval(5)",
    "format(1, 2)", "memoryview(1)", "classmethod()", "property(1, 2, 3, 4, 5)", "slice()", "zip(1)",
    "map(1)", "iter(1, 2)"):
    try:
        print(code, eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
