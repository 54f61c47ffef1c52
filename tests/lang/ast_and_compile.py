import ast, types
tree = ast.parse("def f(x: int, *a, k=1) -> str:\n    'doc'\n    return [i ** 2 for i in a if i] or x.y[1:2]\n")
print(ast.dump(tree))
print(ast.dump(ast.parse("a = b + 1", mode="exec"), indent=2, include_attributes=True))
print(ast.unparse(tree), ast.get_docstring(tree.body[0]))
class Double(ast.NodeTransformer):
    def visit_Constant(self, n): return ast.copy_location(ast.Constant(n.value * 2), n)
ns = {}
exec(compile(ast.fix_missing_locations(Double().visit(ast.parse("r = 21 + len('ab')"))), "t", "exec"), ns)
print(ns["r"])
class Names(ast.NodeVisitor):
    def __init__(self): self.found = []
    def visit_Name(self, n):
        self.found.append((n.id, type(n.ctx).__name__, n.lineno, n.col_offset, n.end_col_offset))
        self.generic_visit(n)
v = Names()
v.visit(ast.parse("x = y\nfor z in x: del z"))
print(v.found)
print(ast.literal_eval("{'a': [1, -2.5, (None, True)], 'c': b'x', 'd': 1+2j}"),
    [type(n).__name__ for n in ast.walk(ast.parse("f(a, *b, k=c)"))])
for bad in ("__import__('os')", "1 + x", "[", "a.b", "{**{}}"):
    try:
        ast.literal_eval(bad)
    except (ValueError, SyntaxError) as e:
        print(type(e).__name__, str(e).split(" at 0x")[0].split("<ast")[0])
e = ast.Expression(ast.BinOp(ast.Constant(6), ast.Mult(), ast.Constant(7)))
print(eval(compile(ast.fix_missing_locations(e), "e", "eval")), ast.unparse(e), ast.BinOp._fields,
    ast.Name("q").ctx, isinstance(ast.Constant(1), ast.expr))
for src in ("lambda x, /, y=1, *, z: (yield)", "f'{a!r:>{w}} {b=}'",
    "async def f():\n async with a as b, c: await d\n async for x in y: pass",
    "match x:\n case {'a': [1, *_], **r} | P(y=0, z=r) if z: pass",
    "try: pass\nexcept* E as e: pass\nfinally: x", "x: int = 1; y += 2; a @ b", "with (open(f) as g): pass",
    "type A[T: int, *Ts, **P = [str]] = T", "print(*a, **b, c=d)", "@d\nclass C(B, metaclass=M): x",
    "while (n := 1): break\nelse: continue_", "x if y else not z", "t'{a}b'",
    "global g, h\nassert a, b\nraise E from c", "{1: 2, **d}; {1, *s}; a < b <= c is not d not in e",
    "from . import x as y, z; import a.b as c"):
    t = ast.parse(src); print(ast.unparse(t).replace("\n", " | "))
    compile(t, "<t>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT) if "continue_" not in src else None
print(ast.dump(ast.parse("1 + 2 + x", optimize=1)), ast.compare(ast.parse("a+b"), ast.parse("a + b")))
for make in (lambda: compile(ast.Module([ast.Expr(ast.Name("x", ast.Load()))], []), "m", "exec"),
    lambda: compile(ast.Module([5], []), "m", "exec"), lambda: ast.parse("x = = 1"),
    lambda: compile(ast.fix_missing_locations(ast.Module([ast.Return(ast.Constant(1))], [])), "m", "exec"),
    lambda: compile("1", "f", "nope"), lambda: compile("1; 2", "f", "eval"),
    lambda: compile("x = 1\ny = 2", "f", "single"), lambda: compile(b"\xff", "f", "exec"),
    lambda: compile("a\0b", "f", "exec")):
    try:
        make(); print("ok")
    except Exception as err:
        print(type(err).__name__, err)
