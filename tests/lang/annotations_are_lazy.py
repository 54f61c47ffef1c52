import annotationlib, typing
def f(a: Undefined, b: list[int] = None) -> "Ret": ...
try:
    f.__annotations__
except NameError as e:
    print(e)
print(annotationlib.get_annotations(f, format=annotationlib.Format.STRING))
fr = annotationlib.get_annotations(f, format=annotationlib.Format.FORWARDREF)
print(type(fr["a"]).__name__, fr["b"])
Undefined = int
print(f.__annotations__, f.__annotate__(1))
class A:
    x: int
    y: "B" = 5
    z: list[B]
    def m(self) -> B: ...
class B: pass
print(A.__annotations__, A.m.__annotations__, typing.get_type_hints(A))
v: int = 1
w: (print("evaluated"), 5)[1]
import sys
print(sys.modules["__main__"].__annotations__)
def g():
    local: nonexistent = 5
    return local
print(g(), g.__annotations__)
class C:
    if True:
        cond: int
    else:
        never: str
print(C.__annotations__)
def h(x: lambda: 5, y: [i for i in range(2)]): ...
print(h.__annotations__["x"](), h.__annotations__["y"])
h.__annotations__ = {"z": 1}; print(h.__annotations__, h.__annotate__)
