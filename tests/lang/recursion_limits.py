import sys
def deep(n): return 0 if n == 0 else 1 + deep(n - 1)
print(deep(500))
def forever(): return forever()
try:
    forever()
except RecursionError as e:
    print(e)
class R:
    def __repr__(self): return repr(self)
    def __eq__(self, o): return self == o
    def __getattr__(self, n): return getattr(self, n + "x")
    def __call__(self): return self()
for f in (lambda: repr(R()), lambda: R() == 1, lambda: R()()):
    try:
        f()
    except RecursionError as e:
        print("RecursionError")
old = sys.getrecursionlimit(); sys.setrecursionlimit(200)
try:
    deep(300)
except RecursionError as e:
    print(e)
sys.setrecursionlimit(old); print(deep(300), old)
try:
    sys.setrecursionlimit(0)
except ValueError as e:
    print(e)
l = []
for _ in range(100000): l = [l]
for f in (repr, lambda x: x == [[]], lambda x: __import__("copy").deepcopy(x)):
    try:
        f(l)
        print("ok")
    except (RecursionError, MemoryError) as e:
        print("RecursionError")
def gen(n):
    if n: yield from gen(n - 1)
    yield n
print(sum(gen(400)))
while l: l = l[0]
