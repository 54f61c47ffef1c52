import copy
import sys
import gc

DEEP = 10_000_000


def check(name, f, fine="fine"):
    """fine: how an ending without an error is shown; an engine may be able to go as deep as it takes."""
    try:
        f()
        print(name, fine)
    except (RecursionError, MemoryError) as e:
        print(name, "stopped")


def down(n): return down(n + 1) if n < DEEP else n
def through_sort(n): return sorted([n], key=lambda x: through_sort(x + 1))
def through_map(n): return list(map(through_map, [n + 1]))
def through_sum(n): return sum(through_sum(n) for _ in range(1))


class Endless:
    def __getattr__(self, name): return getattr(self, name + "_")
    def __eq__(self, other): return other == self
    def __repr__(self): return f"<{self!r}>"
    def __str__(self): return str(self)
    def __hash__(self): return hash(self)
    def __len__(self): return len(self)
    def __iter__(self): return iter(self)
    def __add__(self, other): return self + other
    def __call__(self): return self()
    def __getitem__(self, i): return self[i]
    def __contains__(self, x): return x in self
    def __bool__(self): return bool(self)
    def __enter__(self):
        with self: pass
    def __exit__(self, *a): pass


def nested_tuple():
    t = (str,)
    for _ in range(60_000): t = (t,)
    return t


e = Endless()
check("function", lambda: down(0))
check("sort key", lambda: through_sort(0))
check("map", lambda: through_map(0))
check("generator", lambda: through_sum(0))
for name, f in (("getattr", lambda: e.x), ("eq", lambda: e == Endless()), ("repr", lambda: repr(e)), ("str", lambda: str(e)),
                ("hash", lambda: hash(e)), ("len", lambda: len(e)), ("iter", lambda: iter(e)), ("add", lambda: e + 1), ("call", lambda: e()),
                ("getitem", lambda: e[0]), ("contains", lambda: 1 in e), ("bool", lambda: bool(e)), ("enter", lambda: e.__enter__()),
                ("isinstance", lambda: isinstance(1, nested_tuple()))):
    check(name, f)


def nested(kind, n=60_000):
    x = kind()
    for _ in range(n): x = {1: x} if kind is dict else kind((x,)) if kind is tuple else [x]
    return x


for kind in (list, tuple, dict):
    a, b = nested(kind), nested(kind)
    check(kind.__name__ + " repr", lambda: repr(a), "stopped")
    check(kind.__name__ + " eq", lambda: a == b, "stopped")
    check(kind.__name__ + " deepcopy", lambda: copy.deepcopy(a), "stopped")
    if kind is tuple: check("tuple hash", lambda: hash(a), "stopped")
    del a, b
    gc.collect()
for name, source in (("parens", "(" * 100_000 + ")" * 100_000), ("minus", "-" * 100_000 + "1"), ("attributes", "a" + ".b" * 100_000), ("lambda", "lambda: " * 100_000 + "1"),
                     ("nots", "not " * 100_000 + "x"), ("powers", "1 ** " * 100_000 + "1"), ("sum", "1 + " * 100_000 + "1"), ("calls", "f" + "()" * 100_000), ("elif", "if a: pass\n" + "elif b: pass\n" * 20_000)):
    try:
        compile(source, "<deep>", "exec")
        print(name, "ok or stopped")
    except (RecursionError, MemoryError, SyntaxError):
        print(name, "ok or stopped")


class Chain:
    def __init__(self, next): self.next = next
    def __del__(self): Chain.deleted += 1


Chain.deleted = 0
head = None
for _ in range(100_000): head = Chain(head)
del head
gc.collect()
print(Chain.deleted)
