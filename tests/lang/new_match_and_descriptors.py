import collections, typing
P = collections.namedtuple('P', 'x y', defaults=[5])
class N(typing.NamedTuple):
    a: int
    b: str = 'z'
class S(str):
    def __new__(cls, v, extra=None, *rest, **kw):
        o = super().__new__(cls, v); o.extra = extra, rest, kw; return o
class Base:
    made = []
    def __new__(cls, kind, *args):
        if kind == 'derived': return object.__new__(Derived)
        if kind == 'other': return 42
        if kind == 'fail': raise ValueError(args)
        return object.__new__(cls)
class Derived(Base):
    def __init__(self, *args): self.args = args; Base.made.append(args)
class Meta(type):
    def __call__(cls, *a): return 'meta', a, super().__call__(*a)
class WithMeta(metaclass=Meta):
    def __new__(cls, x): return object.__new__(cls)
class BadInit(Base):
    def __init__(self, *a): return 5
class FromBase(Base):
    def __new__(cls, *a): return object.__new__(BadInit) if a[:1] == ('bad',) else Base.__new__(cls, *a)
class Gen:
    def __new__(cls): yield 1
def attempt(f):
    try: return f()
    except Exception as e: return type(e).__name__, str(e)
def main():
    for i in range(5):
        r = [P(1, 2), P(i), N(i), N(1, 'b'), S('v'), S('v', 1, 2, 3), S('q', k=1).extra, Base('plain').__class__.__name__,
             Base('derived', 1, 2).args, Base('other'), Derived('derived', *range(20)).args, Derived('x').args]
    print(r, r[4].extra, r[5].extra, len(Base.made))
    print(attempt(lambda: P()), attempt(lambda: P(1, 2, 3)), attempt(lambda: Base('fail', 3)), attempt(lambda: Base()))
    print(WithMeta(3)[:2], type(attempt(lambda: FromBase('bad'))), attempt(lambda: FromBase('derived', 8).args), next(Gen()))
    S.__new__ = staticmethod(lambda cls, *a: 'replaced')
    print(S('v'))
    sm = S.__dict__['__new__']
    S.__new__ = lambda cls, *a: ('plain', cls.__name__)
    print(S('v'))
    S.__init__ = lambda self, *a: print('init', a)
    print(S('v'))
    del S.__new__
    print(S('v'))
    class Count:
        n = 0
        def __new__(cls, *a): cls.n += 1; return super().__new__(cls)
    for _ in range(1000): Count(1)
    print(Count.n)
    import traceback
    try: Base('fail', 1)
    except ValueError: print(traceback.format_exc())
    match {'a': 1, 'b': 2, 3: 4}:
        case {'a': x, 3: y, **rest}: print(x, y, rest)
    match {'a': 1}:
        case {'z': 1}: print('no')
        case {}: print('empty')
    class Attr:
        __match_args__ = ('p', 'q')
        def __init__(s, p, q): s.p, s.q = p, q
    for v in (Attr(1, 2), Attr(3, 4), 5, 'txt', True, [1]):
        match v:
            case Attr(1, q=y): print('A1', y)
            case Attr(x, y): print('A', x, y)
            case bool(b): print('bool', b)
            case int(n): print('int', n)
            case str() as s: print('str', s)
            case _: print('other')
    def dup(v):
        match v:
            case Attr(1, p=2): pass
    print(attempt(lambda: dup(Attr(1, 2))))
    class D2(collections.UserDict): pass
    match D2(a=1, b=[2]):
        case {'a': 1, 'b': [z]}: print('user', z)
    k = collections.defaultdict(int, a=1)
    match k:
        case {'zz': _}: print('no')
        case {'a': 1}: print('dd', dict(k))
    class Desc:
        def __init__(s, n): s.n = n
        def __get__(s, o, t=None): return (s.n, o is None, t.__name__)
    class Data(Desc):
        def __set__(s, o, v): o.__dict__['set'] = v
    class Three:
        def __get__(s, o, t): 
            if o.bad: raise AttributeError('bad')
            return 'three'
    class H:
        a = Desc('a'); b = Data('b'); c = Three(); bad = False
    class HG(H):
        def __getattr__(s, n): return 'fallback ' + n
    def look(h): return h.a, h.b, h.c
    h, hg = H(), HG()
    for i in range(20): r = look(h), look(hg)
    print(r)
    h.__dict__['a'] = 'own'; h.__dict__['b'] = 'hidden'
    print(look(h)); h.b = 3; print(h.__dict__)
    for i in range(20): r = look(h)
    print(r)
    h.bad = hg.bad = True
    print(attempt(lambda: look(h)), look(hg))
    h.bad = False
    Three.__get__ = lambda s, o, t: 'new'
    print(look(h))
    del Data.__set__
    print(look(h))
    def kwo(a, *rest, k=1, l=2, m, **kw): return a, rest, k, l, m, kw
    print(kwo(1, m=3), kwo(1, 2, 3, l=9, m=4, z=5), attempt(lambda: kwo(1)))
    kwo.__kwdefaults__ = {'m': 7, 'l': 8}
    print(attempt(lambda: kwo(1)), kwo(1, k=0)); kwo.__kwdefaults__['k'] = 6; print(kwo(1)); del kwo.__kwdefaults__['m']; print(attempt(lambda: kwo(1)))
    for v in ('', 'a', [], [1], (), (1,), {}, {1: 2}, 0, 1, 0.0, 0.5, None, object(), set(), {1}, b'', b'x', range(0), 10**30, 1e300, -0.0):
        print('T' if v else 'F', not v, bool(v), end=' ')
        while v: break
        else: print('!', end='')
    print()
    print([k in {'a': 1, 'b': 2, 1: 3, (1, 2): 4} for k in ('a', 'c', 1, 1.0, True, (1, 2), 'b', ''.join(['a']))])
    print(['ab' == ''.join(['a', 'b']), 'abcd' == 'abce', 'abcdefg' == ''.join(['abcd', 'efg']), 'é' == 'é', 'a' != 'b', '' == ''])
    s = ''
    for i in range(1000): s += str(i % 10)
    t = s + s
    print(len(s), hash(t) == hash(s * 2), len(s + "é"), attempt(lambda: s + 1))
main()
