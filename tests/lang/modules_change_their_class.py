"""The class of a module can be changed at any time: packages do so to have properties of their own."""
import sys, types
class M(types.ModuleType):
    @property
    def x(self): return 42
sys.modules[__name__].__class__ = M
print(sys.modules[__name__].x)
sys.modules[__name__].__class__ = types.ModuleType
print(type(sys.modules[__name__]))
class I(int): __slots__=()
try: (1).__class__ = I
except TypeError as e: print(e)
m = types.ModuleType("m")
m.a = 1
class N(types.ModuleType):
    a = 5
    b = 6
    def __init__(self, name): super().__init__(name); self.c = 7; self.d = 8
m.__class__ = N
print(m.a, m.b, m.__dict__["a"])
m.c = 3
n = N("n"); print(n.a, n.b, n.c, sorted(n.__dict__))
n.__class__ = types.ModuleType; print(n.c, hasattr(n, "b"))
print(None.__subclasshook__.__name__, (1).__subclasshook__.__name__)
try:
    object.__dict__["__subclasshook__"].__get__(None, None)
except TypeError as e:
    print(e)
