class A:
    def __init__(self, n): self.n = n
    def __add__(self, o): print(f"{self.n}.add"); return NotImplemented
    def __radd__(self, o): print(f"{self.n}.radd"); return f"{self.n}r"
    def __eq__(self, o): print(f"{self.n}.eq"); return NotImplemented
    def __lt__(self, o): print(f"{self.n}.lt"); return NotImplemented
    def __gt__(self, o): print(f"{self.n}.gt"); return True
    __hash__ = None
class B(A):
    def __radd__(self, o): print(f"{self.n}.B.radd"); return "B wins"
class C(A): pass
a, a2, b, c = A("a"), A("a2"), B("b"), C("c")
print(a + b)
print(b + a)
print(a + c)
print(a == b, a != a2)
print(a < b)
try:
    print(a + a2)
except TypeError as e:
    print(e)
print(1 + a, [] == a)
class I:
    def __iadd__(self, o): return NotImplemented
    def __add__(self, o): return "fell back"
i = I()
i += 1
print(i)
class OnlyNone:
    __add__ = None
    __radd__ = None
    __iter__ = None
    __contains__ = None
for f in (lambda: OnlyNone() + 1, lambda: 1 + OnlyNone(), lambda: list(OnlyNone()), lambda: 1 in OnlyNone()):
    try:
        f()
    except TypeError as e:
        print(e)
class IntSub(int):
    def __radd__(self, o): return "subclass first"
    def __mul__(self, o): return "mine"
print(1 + IntSub(2), IntSub(2) * 3, 3 * IntSub(2), type(IntSub(2) - 1).__name__)
order = []
def n(x): order.append(x); return x
n(1) + n(2) * n(3) ** n(2) < n(4) < n(100); print(order)
order.clear()
{n("k1"): n("v1"), n("k2"): n("v2")}
n(max)(n(1), n(2), key=n(None))
print(order[:4], order[5:])
