import abc
from collections.abc import *

for cls in (list, tuple, dict, set, frozenset, str, bytes, range, type({}.keys()), type(iter([])),
    type((x for x in ())), int, type(lambda: 0), memoryview, bytearray):
    print(cls.__name__,
        [a.__name__ for a in (Hashable, Iterable, Iterator, Reversible, Sized, Container, Collection, Callable, Sequence, MutableSequence, Set, MutableSet, Mapping, MutableMapping, KeysView, Generator, Buffer) if issubclass(cls, a)])


class Ring(Sequence):
    def __init__(self, *items): self.items = items
    def __len__(self): return len(self.items)
    def __getitem__(self, i):
        return self.items[i % len(self.items)] if isinstance(i, int) and len(self.items) and i < 5 else self.items[i]


r = Ring("a", "b", "c")
print(list(r)[:5], "b" in r, r.index("c"), r.count("a"), list(reversed(r)))


class Lower(MutableMapping):
    def __init__(self, *a, **k): self.d = {}; self.update(*a, **k)
    def __getitem__(self, k): return self.d[k.lower()]
    def __setitem__(self, k, v): self.d[k.lower()] = v
    def __delitem__(self, k): del self.d[k.lower()]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)


m = Lower({"A": 1}, B=2)
print(m["a"], "B" in m, m.get("Z"), list(m.items()), m.pop("A"), m.setdefault("C", 3), m == {"b": 2, "c": 3},
    dict(**m), m.popitem(), m.keys() & {"c"})


class Bits(MutableSet):
    def __init__(self, it=()): self.n = 0; [self.add(x) for x in it]
    def __contains__(self, x): return self.n >> x & 1 == 1
    def __iter__(self): return (i for i in range(self.n.bit_length()) if i in self)
    def __len__(self): return self.n.bit_count()
    def add(self, x): self.n |= 1 << x
    def discard(self, x): self.n &= ~(1 << x)
    def __repr__(self): return f"Bits({list(self)})"


a, b = Bits([1, 2, 3]), Bits([3, 4])
print(a | b, a & b, a - b, a ^ b, a <= b, a.isdisjoint({9}), a == {1, 2, 3}, a.pop(), len(a))
a |= {7}
print(a, a > {7}, {1, 7} == a)


class Shape(abc.ABC):
    @property
    @abc.abstractmethod
    def area(self): ...
    @classmethod
    @abc.abstractmethod
    def make(cls): ...
    @classmethod
    def __subclasshook__(cls, c): return True if cls is Shape and hasattr(c, "duck_area") else NotImplemented


class Duck: duck_area = 1


class Half(Shape):
    area = 5


print(isinstance(Duck(), Shape), issubclass(Half, Shape), sorted(Shape.__abstractmethods__),
    Half.__abstractmethods__)
for cls in (Shape, Half, Sequence, type("M", (MutableMapping,), {"__len__": None})):
    try:
        cls()
    except TypeError as e:
        print(e)
Shape.register(int)
print(isinstance(5, Shape), abc.get_cache_token() > 0, Callable[[int], str], Mapping[str, int].__args__,
    isinstance([], Iterable))
