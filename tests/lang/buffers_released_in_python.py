"""__release_buffer__ written in Python: of a native exporter's class, of a class with __buffer__, and what it may do with its view."""
import sys, gc
sys.unraisablehook = lambda u: print("  unraisable", u.err_msg, type(u.exc_value).__name__, u.exc_value, getattr(u.object, "__name__", type(u.object).__name__))
def attempt(f, *a):
    try:
        r = f(*a)
        print("  ->", type(r).__name__)
        if type(r) is memoryview: r.release()
    except Exception as e: print("  ", type(e).__name__, e)

class Release(bytearray):
    def __release_buffer__(self, view):
        print("  release", type(view).__name__, view.tobytes(), view.obj is self, view.obj, view.readonly, view.nbytes)
        for f in (memoryview, lambda v: v.cast("b"), lambda v: v.toreadonly(), lambda v: v[:1], lambda v: v.__buffer__(0), bytes, lambda v: v[0], lambda v: v.hex()):
            attempt(f, view)
        attempt(super().__release_buffer__, view)
        attempt(super().__release_buffer__, view)
        self.saved = view
r = Release(b"hello")
print("override only")
m = memoryview(r)
attempt(r.append, 1)
m.release()
attempt(r.saved.tobytes)
attempt(r.append, 1)
print("by C code")
print(bytes(r), b"".join([r]))
print("a view of a view")
with memoryview(r) as m:
    with m[1:] as n: pass
    print("inner gone")
class Both(bytearray):
    def __buffer__(self, flags):
        print("  get", flags)
        return super().__buffer__(flags)
    def __release_buffer__(self, view):
        print("  release", view.tobytes(), view.obj is self)
        attempt(super().__release_buffer__, view)
        self.saved = view
b = Both(b"both")
print("both, of itself")
with memoryview(b) as m:
    pass
gc.collect()
attempt(b.clear)
attempt(lambda: b.saved.tobytes())
class Other:
    def __init__(self): self.memory = bytearray(b"other")
    def __buffer__(self, flags): return memoryview(self.memory)
    def __release_buffer__(self, view):
        print("  release", view.tobytes(), view.obj is self.memory)
        attempt(bytearray.__release_buffer__, self.memory, view)
        attempt(bytearray(b"").__release_buffer__, view)
        attempt(b"".__class__.__release_buffer__ if hasattr(bytes, "__release_buffer__") else (lambda: 1))
o = Other()
print("of another")
with memoryview(o) as m: pass
gc.collect()
attempt(o.memory.clear)
class Keeps(Other):
    def __release_buffer__(self, view): self.view = view
k = Keeps()
print("kept")
with memoryview(k) as m: pass
print(k.view.tobytes())
attempt(k.memory.clear)
k.view.release()
attempt(k.memory.clear)
class Raises(bytearray):
    def __release_buffer__(self, view): raise KeyError("x")
print("raises")
x = Raises(b"x")
memoryview(x).release()
attempt(x.clear)
print("wrong")
attempt(bytearray().__release_buffer__, 5)
m = memoryview(b"a")
attempt(m.__release_buffer__, m)
attempt(bytearray(b"x").__release_buffer__, m)
z = bytearray(b"z"); m = memoryview(z)
attempt(z.__release_buffer__, m); attempt(z.__release_buffer__, m); attempt(m.tobytes); attempt(z.clear)
m2 = memoryview(memoryview(z)); attempt(z.__release_buffer__, m2)
print("both without a view")
class Plain(bytearray):
    def __buffer__(self, flags): return memoryview(b"hello")
    def __release_buffer__(self, view):
        print("  release", view.tobytes())
        attempt(super().__release_buffer__, view)
p = Plain(b"hello")
with memoryview(p) as m: pass
