def make():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    def get(): return n
    return inc, get
inc, get = make()
inc()
inc(5)
print(get(), inc.__closure__[0].cell_contents, inc.__code__.co_freevars, make.__code__.co_cellvars)
inc2, get2 = make(); print(get2(), get())
def outer(x):
    def middle():
        def inner():
            nonlocal x
            x += 1
            return x
        return inner
    return middle()
i = outer(10); print(i(), i())
adders = [lambda x, n=n: x + n for n in range(3)]
print([a(10) for a in adders])
def late():
    fs = []
    for k in range(3):
        def f(): return k
        fs.append(f)
    return [f() for f in fs]
print(late())
def unbound():
    def f(): return later
    try:
        f()
    except NameError as e:
        print(type(e).__name__, e)
    later = 1
    return f()
print(unbound())
def delete():
    v = 1
    def f(): return v
    del v
    try:
        f()
    except NameError as e:
        print(e)
delete()
class A:
    x = "class"
    def m(self):
        try:
            return x
        except NameError as e:
            return str(e)
print(A().m())
def compose(*fs):
    def run(x):
        for f in reversed(fs): x = f(x)
        return x
    return run
print(compose(str, lambda x: x + 1, abs)(-41))
def rec(n): return 1 if n < 2 else n * rec(n - 1)
print(rec(20), (lambda f: f(f, 10))(lambda s, n: n if n < 2 else s(s, n - 1) + s(s, n - 2)))
cell = inc.__closure__[0]
cell.cell_contents = 100
print(get())
