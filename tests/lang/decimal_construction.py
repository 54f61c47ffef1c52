"""Decimal is made exactly from ints, text, floats, tuples and Decimals, and through a context rounded."""
from decimal import Context, Decimal, FloatOperation, InvalidOperation, localcontext


def show(make):
    try:
        print(repr(make()))
    except Exception as error:
        print(type(error).__name__, error)


for value in (0, -7, 10**40, -(3**200), True, "1.50", " -1_000e-7 ", "Infinity", "-snan12", "٣.١٤", 0.1, -0.0, 5e-324, 1.7e308,
              float("inf"), float("-nan"), (0, (1, 2, 3), -2), [1, [0, 0, 4], 3], (1, (), "F"), (0, (9, 8), "n"), Decimal("7e5")):
    show(lambda: Decimal(value))
for value in ("", "x", "1 2", "1\0", "--1", None, b"1", {}, (1, 2), (2, (), 1), (0, (10,), 1), (0, (1,), "q"), (0, (1,), 1.5), 1j):
    show(lambda: Decimal(value))
show(lambda: Decimal())
show(lambda: Decimal(1, 5))
show(lambda: Decimal(value="3", context=None))

short = Context(prec=3, traps=[])
for value in ("1.23456", " 1", "1_0", 123456, 0.1, "NaN12345", (0, (1, 2, 3, 4), 0), Decimal("9999")):
    show(lambda: short.create_decimal(value))
show(lambda: short.create_decimal_from_float(2 / 3))
show(lambda: short.create_decimal_from_float("1"))
print(short)

show(lambda: Decimal.from_float(1.1))
show(lambda: Decimal.from_float(4))
show(lambda: Decimal.from_float("4"))
show(lambda: Decimal.from_number(Decimal("1.0")))
show(lambda: Decimal.from_number(2.5))
show(lambda: Decimal.from_number("4"))
with localcontext() as context:
    context.traps[FloatOperation] = True
    show(lambda: Decimal(1.5))
    show(lambda: Decimal(1) < 1.5)
    show(lambda: Decimal(1.5) == 1.5)
    context.traps[FloatOperation] = context.traps[InvalidOperation] = False
    show(lambda: Decimal("x"))
    print(context.flags[FloatOperation], context.flags[InvalidOperation])
