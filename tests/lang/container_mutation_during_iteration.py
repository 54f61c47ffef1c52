l = [1, 2, 3, 4]
for x in l:
    if x == 2: l.remove(x)
    print(x, end=" ")
print(l)
l = [1, 2, 3]
for i, x in enumerate(l):
    if len(l) < 6: l.append(x * 10)
print(l)
it = iter(l)
next(it)
del l[:]
print(list(it), list(it))
for make, change in ((lambda: {1: 1, 2: 2}, lambda d: d.update({3: 3})), (lambda: {1, 2}, lambda s: s.add(3)), (lambda: {1: 1, 2: 2}, lambda d: d.clear()),
                     (lambda: {1, 2}, lambda s: s.discard(1))):
    c = make()
    try:
        for x in c: change(c)
        print("ended", c)
    except RuntimeError as e:
        print(e)
from collections import deque, OrderedDict
for c, change in ((deque([1, 2]), lambda c: c.append(3)),
    (OrderedDict(a=1, b=2), lambda c: c.pop("b", None))):
    try:
        for x in c: change(c)
        print("ended", c)
    except RuntimeError as e:
        print(e)


class Evil:
    def __init__(self, target): self.target = target
    def __eq__(self, o): self.target.clear(); return False
    def __lt__(self, o): self.target.append(1); return True
    def __hash__(self): return 1
    def __repr__(self): return "evil"


l = []
l += [Evil(l), Evil(l), 5]
print(5 in l, l)
l = []
l += [Evil(l) for _ in range(3)]
try:
    l.sort()
except ValueError as e:
    print(e)
d = {}
d[Evil(d)] = 1
print(d.get(Evil({})), len(d))
l = [[1], [2]]
for x in l: x *= 2
print(l, [x.append(0) for x in l], l)
s = "abc"
for ch in s: s += ch
print(s)
d = dict.fromkeys(range(5))
for k in list(d):
    if k % 2: del d[k]
print(d)
l = list(range(5))
l[1:4] = l
print(l, l.extend(l), len(l))
l[::2] = [x for x in l[::2]][::-1]
print(l)
