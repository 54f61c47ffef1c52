def f(a, b, /, c, d=4, *, e, g=7): return (a, b, c, d, e, g)
def v(*args, **kwargs): return args, kwargs
print(f(1, 2, 3, e=5), f(1, 2, c=3, e=5, g=0), f(*[1, 2], **{"c": 3, "e": 4}), v(),
    v(1, *[2], x=3, **{"y": 4}))
for bad in ("f()", "f(1, 2)", "f(1, 2, 3)", "f(1, b=2, c=3, e=5)", "f(1, 2, 3, 4, 5, e=6)", "f(1, 2, 3, e=5, z=1)", "f(1, 2, 3, c=3, e=5)", "f(a=1, b=2, c=3, e=1)",
            "v(**{1: 2})", "v(*5)", "v(**5)", "v(x=1, **{'x': 2})", "(lambda x: x)()", "(lambda: 0)(1)", "(lambda x, y: 0)(1)", "(lambda *, k: 0)()", "(lambda *, k, j: 0)()", "(lambda a, b, c: 0)()",
            "len()", "len(1, 2)", "int('1', foo=2)", "'a'.join()", "[].append(1, 2)", "print(1, nope=2)", "{}.get()", "isinstance(1)", "f(1, 2, 3, d_=1, e=2)"):
    try:
        print(eval(bad))
    except TypeError as e:
        print(bad, "->", e)
def default(x, acc=[]):
    acc.append(x)
    return acc
print(default(1), default(2), default.__defaults__, f.__kwdefaults__, f.__code__.co_varnames,
    f.__code__.co_argcount, f.__code__.co_posonlyargcount, f.__code__.co_kwonlyargcount)
class C:
    def m(self, x): return x
    @classmethod
    def k(cls, x): return cls.__name__, x
    @staticmethod
    def s(x): return x
print(C().m(1), C.m(C(), 2), C.k(3), C().k(4), C.s(5), C().s(6))
for bad in ("C().m()", "C.m()", "C().m(1, 2)", "C.k()", "C.s()", "C(1)"):
    try:
        print(eval(bad))
    except TypeError as e:
        print(bad, "->", e)
