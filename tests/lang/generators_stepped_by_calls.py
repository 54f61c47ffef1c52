def g():
    got = []
    while True:
        try:
            x = yield len(got)
            if x == 'stop': return got
            got.append(x)
        except ValueError as e:
            got.append(repr(e))
def show(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e.args, getattr(e, 'value', None))
def main():
    h = g()
    show(lambda: h.send(5))
    print(next(h), h.send(1), next(h), h.send(None), h.throw(ValueError('x')), h.send(2))
    show(lambda: h.send('stop'))
    show(lambda: h.send(1)); show(lambda: next(h)); print(next(h, 'default'))
    def outer():
        r = yield from g()
        print('inner returned', r)
        try:
            z = yield 'tail'
        finally:
            print('fin', z if 'z' in locals() else None)
        raise KeyError('k')
    o = outer(); print(next(o), o.send('a'), o.send('stop')); show(lambda: o.send('zz'))
    def me():
        yield next(it)
    it = me()
    show(lambda: next(it))
    def me2():
        x = yield 1
        it2.send(x)
    it2 = me2(); next(it2); show(lambda: it2.send(3))
    async def co(): 
        await A()
        return 7
    class A:
        def __await__(self):
            got = yield 'awaiting'
            print('got', got)
    c = co(); print(c.send(None)); show(lambda: c.send('v')); show(lambda: c.send(None))
    s = h.send
    k = g(); send = k.send; next(k)
    print([send(i) for i in range(3)], [k.send(i) for i in range(3)], list(map(k.send, range(2))))
    def raiser():
        yield 1
        1/0
    import traceback
    r = raiser(); next(r)
    try: next(r)
    except ZeroDivisionError: print(traceback.format_exc())
    r = raiser(); next(r)
    try: r.send(0)
    except ZeroDivisionError: print(traceback.format_exc())
    def stopper():
        yield 1
        raise StopIteration(3)
    r = stopper(); next(r); show(lambda: next(r))
    def handled():
        try: 1/0
        except ZeroDivisionError:
            yield 1
            import sys
            yield sys.exception()
    hh = handled()
    try: raise KeyError(1)
    except KeyError:
        print(next(hh), next(hh))
        import sys; print(repr(sys.exception()))
    import sys
    def fr():
        f = sys._getframe()
        yield f.f_back.f_code.co_name, f.f_lineno
        yield f.f_back.f_code.co_name, f.f_lineno
    q = fr(); print(next(q), q.send(None), q.gi_frame.f_lineno, q.gi_running)
    def tree(n):
        if n: yield from tree(n-1); yield n; yield from tree(n-1)
    tt = tree(5); print([next(tt) for _ in range(31)]); show(lambda: next(tt))
    gens = [g() for _ in range(3)]
    for x in gens: next(x)
    for i in range(10):
        for x in gens: x.send(i)
    print([next(x) for x in gens])
    def closer():
        try: yield 1
        finally: yield 2
    cl = closer(); next(cl); show(cl.close)
    class G:
        def __iter__(self): return (yield 1)
    print(list(G()))
    def prof():
        ev=[]
        w = g(); next(w)
        def p(f,e,a):
            if f.f_code is not g.__code__ or f is w.gi_frame: ev.append((e,f.f_code.co_name))
        sys.setprofile(p); w.send(1); sys.setprofile(None)
        return ev
    print(prof())
    def tr():
        ev=[]
        def p(f,e,a): # not of generators of above, which a collection may end just now
            if f.f_code.co_name == "w": ev.append((e,f.f_code.co_name,f.f_lineno))
            return p
        def w():
            x = yield 1
            sys.settrace(p)
            x = yield 2
            x = yield 3
        w = w(); next(w); 
        w.send(1); w.send(2)
        try: w.send(3)
        except StopIteration: pass
        sys.settrace(None)
        return ev
    print(tr())
main()
