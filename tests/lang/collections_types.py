from collections import Counter, defaultdict, OrderedDict, deque, namedtuple, ChainMap, UserDict, UserList
c = Counter("abracadabra")
c.update("aa")
c["z"] -= 1
print(c, c.most_common(2), c["nope"], +c, c - Counter("aaab"), c & Counter("aab"),
    Counter(a=1) | Counter(a=3, b=1), sum(c.values()), sorted(c.elements())[:3], c.total(),
    Counter(a=2) <= Counter(a=3))
d = defaultdict(list)
d["x"].append(1)
d["y"]
print(d, d.default_factory, dict(d), "q" in d, d.get("q"))
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
o.move_to_end("c", last=False)
print(o, o.popitem(last=False), list(reversed(o)), o == OrderedDict(a=1, b=2), o == {"a": 1, "b": 2})
q = deque([1, 2, 3], maxlen=4)
q.append(4)
q.append(5)
q.appendleft(0)
q.rotate(1)
print(q, q.pop(), q.popleft(), q[0], q.index(2) if 2 in q else None, q.maxlen, list(reversed(q)),
    q + deque([9]), q == deque(q), q.count(2))
q.extendleft("ab")
q.insert(1, "i") if len(q) < 4 else None
q.remove("a")
q.reverse()
print(q, len(q), deque("abc") < deque("abd"))
q.clear()
print(q)
P = namedtuple("P", "x y z", defaults=[0])
p = P(1, y=2)
print(p, p.x, p[1], p._asdict(), p._replace(x=9), P._make([7, 8, 9]), P._fields, P._field_defaults,
    p == (1, 2, 0), P.__doc__, namedtuple("R", "a class a", rename=True)._fields)
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
m["c"] = 5
print(m, m["a"], m["b"], dict(m), m.maps[0], m.new_child({"z": 1})["z"], m.parents, len(m))
class U(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k.upper(), v)
class L(UserList): pass
print(U(a=1, b=2), L([1]) + [2], L("ab")[::-1])
for code in ("deque().pop()", "P(1)", "P(1, 2, 3, 4)", "namedtuple('X', 'a a')", "namedtuple('X', '1a')",
    "OrderedDict().popitem()", "deque([1])[5]", "defaultdict(1)", "p.nope", "setattr(p, 'x', 1)",
    "ChainMap()['k']", "deque(maxlen=-1)"):
    try:
        print(eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
