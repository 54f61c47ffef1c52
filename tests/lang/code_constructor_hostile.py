"""Code objects are not made from bytes that do not fit together."""
import random


def f(a, *b, c=1, **d):
    try:
        for x in b:
            yield [y for y in range(x) if y + a]
    except (ValueError, OSError) as e:
        return lambda: (a, e)


code = f.__code__
if __import__("sys").implementation.name == "krait":  # CPython takes whatever it is given
    numbers = random.Random(5)
    for i in range(2000):
        name = numbers.choice(("co_code", "co_exceptiontable"))
        data = bytearray(getattr(code, name))
        for _ in range(numbers.choice((1, 1, 2, 5))):
            at = numbers.randrange(len(data))
            match numbers.randrange(5):
                case 0:
                    data[at] = numbers.randrange(256)
                case 1:
                    del data[at:at + 3]
                    data.append(0)
                case 2:
                    data[at:at + 4] = numbers.randbytes(4)
                case 3:
                    data[at:at + 4] = b"\xff" * 4
                case 4:
                    data[at:] = bytes(1)
        try:
            made = code.replace(**{name: bytes(data)})
            hash(made), made == code, list(made.co_lines()), made.co_code, made.co_exceptiontable, made.co_varnames
        except ValueError:
            pass
    others = [code, *(c for c in code.co_consts if isinstance(c, type(code)))]
    for instructions in others:  # of one, the rest of another
        for rest in others:
            try:
                hash(rest.replace(co_code=instructions.co_code)), rest.replace(co_exceptiontable=instructions.co_exceptiontable)
            except ValueError:
                pass
    for i in range(300):
        try:
            code.replace(co_linetable=numbers.randbytes(numbers.randrange(60)))
        except ValueError:
            pass
for name, value in ("co_argcount", 2**20), ("co_posonlyargcount", 5), ("co_kwonlyargcount", 2**20):  # SystemError in CPython
    try:
        code.replace(**{name: value})
        print(name, "taken")
    except (ValueError, SystemError):
        print(name, "not taken")
