"""types.CodeType() makes code from the attributes of other code: what programs do that send functions to other processes."""
import asyncio
import types

CodeType, FunctionType = types.CodeType, types.FunctionType


def parts(code):
    consts = tuple(rebuilt(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_nlocals, code.co_stacksize, code.co_flags,
            code.co_code, consts, tuple(code.co_names), tuple(code.co_varnames), code.co_filename, code.co_name, code.co_qualname,
            code.co_firstlineno, code.co_linetable, code.co_exceptiontable, tuple(code.co_freevars), tuple(code.co_cellvars)]


def rebuilt(code):
    return CodeType(*parts(code))


def again(f):
    g = FunctionType(rebuilt(f.__code__), f.__globals__, f.__name__, f.__defaults__, f.__closure__)
    g.__kwdefaults__ = f.__kwdefaults__
    return g


def simple(a, b=2, *rest, c=3, **more):
    return a, b, rest, c, more


def handlers(x):
    try:
        return 10 // x
    except ZeroDivisionError as e:
        return str(e)
    finally:
        counted.append(x)


def closures(n):
    total = 0

    def add(k):
        nonlocal total
        total += k * n
        return total

    return [add(i) for i in range(3)], [n * i for i in range(3) if i], total


def generator(n):
    for i in range(n):
        got = yield i
        if got:
            yield from [got, got]


async def coroutine(n):
    await asyncio.sleep(0)
    return [x async for x in agen(n)]


async def agen(n):
    for i in range(n):
        yield i


def classes():
    class A:
        x = [y for y in range(3)]

        def m(self):
            return __class__, super().__init__

    return A.x, A().m()[0].__name__


def matching(v):
    match v:
        case {"a": [x, *_], **rest}:
            return x, rest
        case str() | int():
            return "atom"


def with_lambda(f=lambda x: x + 1):
    return sorted([3, 1, 2], key=lambda v: -f(v))


def raising():
    x = 1
    raise ValueError(x)


counted = []
print(again(simple)(1, 5, 6, c=7, d=8), again(simple)(1))
print(again(handlers)(0), again(handlers)(3), counted)
print(again(closures)(4))
g = again(generator)(3)
print(next(g), g.send("s"), list(g))
print(asyncio.run(again(coroutine)(3)))
print(again(classes)(), again(matching)({"a": [1, 2], "b": 3}), again(matching)(5), again(with_lambda)())


def outer():
    cell = [1]

    def inner():
        return cell

    return inner


inner = outer()
copy = again(inner)
print(copy() is inner(), copy.__code__ == inner.__code__, rebuilt(simple.__code__) == simple.__code__,
      hash(rebuilt(simple.__code__)) == hash(simple.__code__), list(rebuilt(handlers.__code__).co_lines()) == list(handlers.__code__.co_lines()),
      list(rebuilt(handlers.__code__).co_positions()) == list(handlers.__code__.co_positions()))
try:
    again(raising)()
except ValueError as e:
    print(e, e.__traceback__.tb_next.tb_lineno - raising.__code__.co_firstlineno)
moved = raising.__code__.replace(co_firstlineno=1000, co_name="moved")
try:
    FunctionType(moved, {})()
except ValueError as e:
    print(e.__traceback__.tb_next.tb_lineno, e.__traceback__.tb_next.tb_frame.f_code.co_name)


def one():
    return 1


def two():
    return 2


swapped = one.__code__.replace(co_code=two.__code__.co_code, co_consts=two.__code__.co_consts)
print(FunctionType(swapped, {})(), swapped.co_name)


def attempt(change):
    args = parts(simple.__code__)
    change(args)
    try:
        CodeType(*args)
        print("made")
    except Exception as e:
        print(type(e).__name__, e)


def put(index, value):
    return lambda args: args.__setitem__(index, value)


attempt(put(0, -1))
attempt(put(3, 100))
attempt(put(0, 2**40))
attempt(put(6, "text"))
attempt(put(14, b""))
attempt(lambda args: args.pop() and None)
for changes in {"co_nlocals": 55}, {"co_argcount": -1}, {"co_name": 5}, {"co_nonsense": 1}:
    try:
        simple.__code__.replace(**changes)
    except Exception as e:
        print(type(e).__name__, e)
