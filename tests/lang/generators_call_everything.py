"""Calls of every kind out of generators and coroutines: what they call gets its arguments, whatever it does with them."""
import gc
import operator
import sys


def plain(a, b): return a, b
def defaults(a, b=2, c=3): return a, b, c
def rest(*args, **named): return args, named
def named_only(a, *, b, c=5): return a, b, c
def many(*args): return len(args), args[-1]
def deep(n): return n if n == 0 else 1 + deep(n - 1)


class WithInit:
    def __init__(self, a, b=7): self.a, self.b = a, b


class WithNew:
    def __new__(cls, a, b=8):
        self = object.__new__(cls)
        self.a, self.b = a, b
        return self


class Operators:
    def __init__(self, n): self.n = n
    def __add__(self, other): return Operators(self.n + getattr(other, "n", other))
    def __radd__(self, other): return NotImplemented
    def __lt__(self, other): return self.n < other.n
    def __eq__(self, other): return [] if self.n != other.n else [1]
    def __getitem__(self, key): return self.n, key
    def __setitem__(self, key, value): self.n = (key, value)
    def __iter__(self): return iter([self.n])
    def __next__(self): raise StopIteration
    def __call__(self, *args): return args
    def __len__(self): return 3
    def __contains__(self, item): return item == self.n
    @property
    def value(self): return self.n
    @classmethod
    def of_class(cls, x): return cls.__name__, x
    @staticmethod
    def static(x): return x


class Descriptor:
    def __get__(self, instance, owner): return "got", owner.__name__
    def __set__(self, instance, value): instance.n = value


class Described:
    attribute = Descriptor()


def everything():
    local = "kept"
    yield plain(1, 2), plain(b=1, a=2), plain(*(3, 4)), plain(**{"a": 5, "b": 6})
    yield defaults(1), defaults(1, 4), defaults(1, c=9), defaults(*[1], **{"b": 0})
    yield rest(), rest(1, x=2), rest(*range(20), **{"k%d" % i: i for i in range(20)})
    yield named_only(1, b=2), many(*range(100)), many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
    for made in (WithInit(1), WithInit(1, 2), WithInit(b=3, a=4), WithNew(1), WithNew(1, b=2), WithNew(*(5, 6))):
        yield type(made).__name__, made.a, made.b
    o = Operators(4)
    yield (o + 1).n, (o + o).n, o < Operators(5), bool(o == o), o[7], o(1, 2), len(o), 4 in o, o.value
    o[3] = 9
    yield o.n, o.of_class(1), o.static(2), [x for x in o], list(map(plain, [1, 2], [3, 4]))
    yield [x for x in Operators(1)], sorted([3, 1, 2], key=lambda v: -v), max((1, 2), key=operator.neg)
    d = Described()
    d.attribute = 11
    yield d.attribute, d.n, deep(200), sum(x for x in range(10)), sum(inner(3))
    try:
        plain(1)
    except TypeError as e:
        yield str(e)
        yield sys.exception() is e, deep(50)
    try:
        1 + Operators(1)
    except TypeError as e:
        yield str(e)
    with Manager() as m:
        yield m
        raise ValueError
    gc.collect()
    yield local, eval("plain(1, 2)"), [(yield "nested")]


class Manager:
    def __enter__(self): return "entered"
    def __exit__(self, kind, value, traceback): return kind is ValueError


def inner(n):
    if n:
        yield deep(n)
        yield from inner(n - 1)


async def coroutine():
    return [plain(1, 2), defaults(1), rest(1, x=2), WithInit(1).b, WithNew(1).b, (Operators(1) + 2).n, deep(100), Operators(3)[4]]


def twisted(n):
    """Generators that run one another while they keep their own variables."""
    a, b = n, [n]
    for x in (twisted(n - 1) if n else ()):
        b.append(x)
        yield a, len(b), x[0] + deep(x[0])
    yield a, len(b), sum(plain(i, i)[0] for i in range(n))


def main():
    for x in everything():
        print(x)
    try:
        coroutine().send(None)
    except StopIteration as e:
        print(e.value)
    print(list(twisted(6)))
    generators = [everything() for _ in range(50)]
    for step in range(5):
        for g in generators:
            next(g)
        gc.collect()
    print([next(g) for g in generators] == [next(everything_from(5))] * 50)
    g = everything()
    frame = g.gi_frame
    next(g), next(g)
    print(sorted(frame.f_locals), frame.f_lineno - frame.f_code.co_firstlineno, frame.f_generator is g)
    g.close()
    print(g.gi_frame, frame.f_locals)


def everything_from(n):
    g = everything()
    for _ in range(n):
        next(g)
    return g


main()
