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
        data = bytearray(code.co_code)
        for _ in range(numbers.choice((1, 1, 2, 5))):
            at = numbers.randrange(len(data))
            match numbers.randrange(5):
                case 0:
                    data[at] = numbers.randrange(256)
                case 1:
                    del data[at:at + 3]
                    data.append(0)
                case 2:
                    data[-4:] = numbers.randbytes(4)
                case 3:
                    data[at:at + 4] = b"\xff" * 4
                case 4:
                    data[at:] = bytes(1)
        try:
            made = code.replace(co_code=bytes(data))
            hash(made), made == code, list(made.co_lines()), made.co_code, made.co_varnames
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
