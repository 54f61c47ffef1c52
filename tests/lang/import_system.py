import sys, os, tempfile, importlib, importlib.util, types
with tempfile.TemporaryDirectory() as d:
    def put(path, text):
        p = os.path.join(d, path)
        os.makedirs(os.path.dirname(p), exist_ok=True)
        with open(p, "w") as f: f.write(text)
    put("pkg/__init__.py",
        "print('init', __name__)\nfrom . import a\n__all__ = ['a', 'b']\ndef __getattr__(n):\n    if n == 'lazy': return 'lazy value'\n    raise AttributeError(n)\n")
    put("pkg/a.py", "from .sub.deep import value\nX = value + 1\nprint('a', __name__, __package__)\n")
    put("pkg/b.py", "print('b loaded')\n_private = 1\npublic = 2\n")
    put("pkg/sub/__init__.py", ""); put("pkg/sub/deep.py", "from .. import __name__ as up\nvalue = 41\n")
    put("ns1/space/one.py", "v = 1"); put("ns2/space/two.py", "v = 2")
    put("broken.py", "def f(:\n")
    put("raises.py", "x = 1\nraise ValueError('at import')\n")
    put("circ_a.py", "import circ_b\nname = 'A'\n")
    put("circ_b.py", "from circ_a import name\n")
    put("single.py", "count = globals().get('count', 0) + 1\n")
    sys.path[:0] = [d, d + "/ns1", d + "/ns2"]
    import pkg, pkg.b as bb
    print(pkg.a.X, bb.public, pkg.__path__ == [os.path.join(d, "pkg")], pkg.lazy,
        "pkg.sub.deep" in sys.modules, pkg.__spec__.name, bb.__name__)
    from pkg import *
    print(a is pkg.a, b is bb)
    import space.one, space.two
    print(space.one.v + space.two.v, type(space.__path__).__name__,
        space.__file__ if hasattr(space, "__file__") else None)
    for stmt in ("import nothere", "import pkg.nothere", "from pkg import nothere", "import pkg.b.c",
        "from pkg.b import zzz", "import broken", "import raises", "import circ_a", "from . import x",
        "from .. import y"):
        try:
            exec(stmt, {"__name__": "__main__"})
        except Exception as e:
            print(stmt, "->", type(e).__name__, str(e).replace(d, "DIR"))
    print("raises" in sys.modules, "circ_a" in sys.modules)
    import single
    print(single.count)
    importlib.reload(single)
    print(single.count)
    print(importlib.import_module(".b", "pkg").public,
        importlib.util.find_spec("single").origin == d + "/single.py", importlib.util.find_spec("zzz"))
    class Finder:
        def find_spec(self, name, path, target=None):
            if name == "virtual": return importlib.util.spec_from_loader(name, self)
        def create_module(self, spec): return None
        def exec_module(self, m): m.answer = 42
    sys.meta_path.append(Finder())
    import virtual
    print(virtual.answer, virtual.__loader__.__class__.__name__)
    m = types.ModuleType("mod", "doc")
    m.x = 1
    sys.modules["mod"] = m
    import mod
    print(mod.x, mod.__doc__, mod)
    sys.modules["blocked"] = None
    try:
        import blocked
    except ImportError as e:
        print(e)
    print(__name__, sys.modules["__main__"].__name__, os.path.exists(os.path.join(d, "pkg", "__pycache__")))
