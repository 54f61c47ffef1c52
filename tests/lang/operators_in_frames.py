class V:
    def __init__(s, x): s.x = x
    def __add__(s, o):
        if isinstance(o, V): return V(s.x + o.x)
        if isinstance(o, int): return V(s.x + o)
        return NotImplemented
    def __radd__(s, o): 
        if isinstance(o, (int, float)): return ('radd', o, s.x)
        return NotImplemented
    def __iadd__(s, o):
        if o == 99: return NotImplemented
        s.x += o if isinstance(o, int) else o.x
        return s
    def __mul__(s, o): return NotImplemented
    def __lt__(s, o): return s.x < o.x if isinstance(o, V) else NotImplemented
    def __gt__(s, o): return [] if isinstance(o, V) else NotImplemented
    def __eq__(s, o): return s.x == o.x if isinstance(o, V) else NotImplemented
    def __repr__(s): return f'V({s.x})'
    def __iter__(s): yield s.x; yield s.x + 1
    def __call__(s, *a, **k): return (s.x, a, k)
class W(V):
    def __radd__(s, o): return 'W.radd'
    def __gt__(s, o): return 'W.gt'
class G:
    def __add__(s, o): yield o
    async def __sub__(s, o): return o
def attempt(f):
    try: return f()
    except Exception as e: return type(e).__name__, str(e)
def main():
    a, b, w = V(1), V(2), W(3)
    print(a + b, a + 1, 1 + a, 1.5 + a, a + w, w + a, a < b, b < a, a == b, a != b, a == V(1))
    print(attempt(lambda: a + 'x'), attempt(lambda: 'x' + a), attempt(lambda: a * 2), attempt(lambda: 2 * a), attempt(lambda: a * [1]), attempt(lambda: [1] * a), attempt(lambda: a * a))
    print(attempt(lambda: a < 3), attempt(lambda: 3 < a), attempt(lambda: a <= b), a == 3, 3 == a, a != 3)
    a += 5; print(a); a += b; print(a)
    def f():
        nonlocal a
        a += 99
        return a
    print(f())
    if a < b: print('lt')
    else: print('ge')
    if a > b: print('gt')
    else: print('not gt: [] is false')
    if not a > b: print('not gt')
    print(a > b, a > w, w > a, a < w)
    while not b < a: b -= 1 if False else b
    print(list(a), [x for x in a], attempt(lambda: [x for x in NoIter()]), sum(a for a in a))
    print(a(1, 2, k=3), a(), a(*(1, 2), **{'z': 1}))
    print(next(G() + 7))
    c = G() - 8
    try: c.send(None)
    except StopIteration as e: print(e.value)
    for i, n in enumerate(Count(3)): print(i, n)
    print(attempt(lambda: [n for n in Bad()]))
    for n in Count(2):
        for m in Count(2): print(n, m)
    else: print('else')
    print(attempt(loop_raises))
    def gen():
        for n in Count(3): yield n
    print(list(gen()))
    def gen2():
        for n in Raiser(): yield n
    print(attempt(lambda: list(gen2())))
    import traceback
    try: a + Boom()
    except TypeError: print(traceback.format_exc())
    try: Boom() + a
    except ZeroDivisionError: print(traceback.format_exc())
    try:
        for x in Bad(): pass
    except ValueError: print(traceback.format_exc())
    print(deep(200))
    print(attempt(lambda: deep(10**5))[0])
class NoIter:
    def __iter__(s): return 5
class Count:
    def __init__(s, n): s.n = n
    def __iter__(s): return s
    def __next__(s):
        if s.n <= 0: raise StopIteration
        s.n -= 1
        return s.n
class Bad:
    def __iter__(s): return s
    def __next__(s): raise ValueError('bad')
class Raiser:
    def __iter__(s): return s
    def __next__(s):
        try: raise StopIteration(5)
        finally: pass
class Boom:
    def __add__(s, o): return 1 / 0
def loop_raises():
    for n in Count(3):
        if n == 1: raise KeyError(n)
class Deep:
    def __init__(s, n): s.n = n
    def __add__(s, o): return o if s.n == 0 else Deep(s.n - 1) + o
def deep(n): return Deep(n) + 'end'
main()
