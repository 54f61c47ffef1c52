x = "global"
class A:
    __secret = 1
    def get(self): return self.__secret, A.__secret
    def set(self, v): self.__secret = v
    class Inner:
        __deep = 2
        def get(self): return self.__deep
    def kw(self, *, __p=3): return __p
a = A()
a.set(5)
print(a.get(), a.__dict__, A._A__secret, A.Inner().get(), sorted(n for n in vars(A) if "secret" in n),
    a.kw(_A__p=9))
class B:
    x = "class"
    y = [x for _ in range(2)]
    def f(self): return x
    z = (lambda: x)()
    exec("w = x + '!'")
    if True:
        cond = "defined"
    for i in range(3): pass
    try: 1 / 0
    except ZeroDivisionError as e: msg = str(e)
    print(sorted(k for k in locals() if not k.startswith("__")))
print(B.y, B().f(), B.z, B.w, B.i, B.msg, hasattr(B, "e"))
def f():
    x = "local"
    class C:
        print(x)
        x = "inner"
        print(x)
    return C.x
print(f())
def g():
    y = "enclosing"
    class D:
        nonlocal y
        y = "changed"
    return y, hasattr(D, "y")
print(g())
class E:
    global made
    made = "global from class"
print(made, hasattr(E, "made"))
class Doc:
    "docstring here"
    __qualname__ = "Renamed"
print(Doc.__doc__, Doc, Doc.__name__)
try:
    class F:
        print(undefined_thing)
except NameError as e:
    print(e)
print([c.__qualname__ for c in (A.Inner, A.get)], f.__qualname__, (lambda: 0).__qualname__)
