log = []
class L(list):
    def __getitem__(self, i): log.append(f"get {i}"); return super().__getitem__(i)
    def __setitem__(self, i, v): log.append(f"set {i} {v}"); super().__setitem__(i, v)
class N:
    def __init__(self, v): self.v = v
    def __add__(self, o): return N(f"({self.v}+{getattr(o, 'v', o)})")
    def __radd__(self, o): return N(f"({o}r+{self.v})")
    def __iadd__(self, o): self.v = f"{self.v}+={o}"; return self
    def __repr__(self): return str(self.v)
def index():
    log.append("index"); return 1
l = L([1, 2, 3])
l[index()] += 5
print(l, log)
n = N("n")
alias = n
n += 1
print(n, alias is n, n + 2, 3 + n)
class A: value = 1
a = A()
a.value += 1
print(a.value, A.value)
s = "a"
t = s
s += "b"
print(s, t)
x = [1]
y = x
x += [2]
x = x + [3]
print(x, y)
def counter():
    total = 0
    def add(k):
        nonlocal total
        total += k
        return total
    return add
c = counter()
c(5)
print(c(6))
g = 1
def bump():
    global g
    g *= 10
bump(); print(g)
def bad():
    g += 1
try:
    bad()
except UnboundLocalError as e:
    print(e)
for op in ("+=", "-=", "*=", "/=", "//=", "%=", "**=", ">>=", "<<=", "&=", "|=", "^=", "@="):
    try:
        exec(f"v = 'a'; v {op} None")
    except TypeError as e:
        print(e)
