# What operations say when binding their special method fails: with AttributeError some act as if there were none.
import operator


def attempt(label, function, *arguments):
    try:
        print(label, type(function(*arguments)))
    except Exception as error:
        print(label, type(error).__name__, error)


def failing(error):
    def get(self):
        raise error("from the property")
    return property(get)


UNARY = {
    "__repr__": repr, "__str__": str, "__hash__": hash, "__len__": len, "__bool__": bool, "__iter__": iter, "__next__": next,
    "__call__": lambda o: o(), "__int__": int, "__float__": float, "__index__": operator.index, "__complex__": complex,
    "__neg__": operator.neg, "__pos__": operator.pos, "__abs__": abs, "__invert__": operator.invert,
    "__contains__": lambda o: 3 in o, "__getitem__": lambda o: o[1], "__delitem__": lambda o: operator.delitem(o, 1),
    "__setattr__": lambda o: setattr(o, "x", 1), "__getattr__": lambda o: o.x, "__getattribute__": lambda o: o.x,
    "__delattr__": lambda o: delattr(o, "x"), "__format__": format, "__reversed__": reversed, "__bytes__": bytes, "__dir__": dir,
    "__length_hint__": operator.length_hint, "__buffer__": memoryview,
}
BINARY = ("eq ne lt le gt ge add iadd sub mul matmul truediv floordiv mod pow lshift rshift and_ or_ xor".split())

for error in AttributeError, ValueError:
    for name, function in UNARY.items():
        attempt(name, function, type("C", (), {name: failing(error)})())
    for name in BINARY:
        a = type("C", (), {f"__{name.rstrip('_')}__": failing(error)})()
        for left, right in (a, a), (a, 1), (1, a):
            attempt(name, getattr(operator, name), left, right)
    attempt("reflected", operator.add, 1, type("C", (), {"__radd__": failing(error)})())
    attempt("sum", sum, [type("C", (), {"__radd__": failing(error)})()])
    attempt("in a list", operator.contains, [1], type("C", (), {"__eq__": failing(error)})())
