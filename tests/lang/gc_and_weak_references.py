import gc, weakref
class Node:
    def __init__(self, name): self.name = name; self.peer = None
    def __del__(self): deleted.append(self.name)
deleted = []
a, b = Node("a"), Node("b"); a.peer, b.peer = b, a
r = weakref.ref(a, lambda _: deleted.append("callback")); p = weakref.proxy(b)
print(r() is a, p.name, weakref.getweakrefcount(a))
del a, b
gc.collect()
print(sorted(deleted), r())
try:
    p.name
except ReferenceError as e:
    print(e)
deleted.clear()
class Phoenix:
    def __del__(self): saved.append(self)
saved = []
x = Phoenix()
x.self = x
del x
gc.collect()
print(len(saved), saved[0].self is saved[0])
saved.clear()
gc.collect()
print(len(saved))
wv, wk, ws = weakref.WeakValueDictionary(), weakref.WeakKeyDictionary(), weakref.WeakSet()
class Obj: pass
o1, o2 = Obj(), Obj()
wv["k"] = o1
wk[o2] = "v"
ws.add(o1)
ws.add(o2)
print(len(wv), len(wk), len(ws))
del o1
gc.collect()
print(len(wv), len(wk), len(ws))
del o2
gc.collect()
print(len(wk), len(ws))
class M:
    def f(self): return "method"
m = M()
wm = weakref.WeakMethod(m.f)
print(wm()())
del m
gc.collect()
print(wm())
f = Obj()
fin = weakref.finalize(f, print, "finalized", 1)
print(fin.alive)
del f
gc.collect()
print(fin.alive)
for v in (5, "s", (), None, {}):
    try:
        weakref.ref(v)
    except TypeError as e:
        print(e)
print(type(weakref.ref(Obj)).__name__, weakref.ref(M) == weakref.ref(M), hash(weakref.ref(M)) == hash(M),
    gc.isenabled(), gc.is_tracked([]), gc.is_tracked(1))
gc.disable()
print(gc.isenabled())
gc.enable()
l = [1]
d = {"l": l}
print(any(x is d for x in gc.get_referrers(l)), gc.get_referents(d)[-1] is l,
    isinstance(gc.get_stats(), list))
