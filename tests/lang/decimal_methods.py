"""Every method of Decimal and of Context on a few operands; rounding and context arguments; text and format."""
import copy
from decimal import Context, Decimal, DecimalTuple
import pickle


def show(what, *args, **kwargs):
    try:
        print(what.__name__, repr(what(*args, **kwargs)))
    except Exception as error:
        counted = type(error) is TypeError and ("argument" in str(error) or "expected" in str(error))
        print(what.__name__, type(error).__name__, "" if counted else error)


values = [Decimal("1.5"), Decimal("-123.456e5"), Decimal("1011"), Decimal("0"), Decimal("-Infinity"), Decimal("NaN7"), Decimal("sNaN")]
skipped = {"__init_subclass__", "__subclasshook__", "__class__", "__new__", "__sizeof__", "__hash__", "__dir__", "__reduce_ex__", "from_float",
           "from_number", "__getattribute__", "__repr__", "__init__", "copy", "create_decimal", "create_decimal_from_float",
           "clear_flags", "clear_traps", "__setattr__", "__delattr__", "__getstate__", "__eq__", "__ne__"}
names = [name for name in sorted(vars(Decimal)) if callable(getattr(Decimal, name)) and name not in skipped]
print(names)
quiet = Context(prec=9, traps=[])
for name in names:
    for a in values:
        method = getattr(a, name)
        show(method)
        for b in values[:3] + [2]:
            show(method, b)
for name in (name for name in sorted(vars(Context)) if callable(getattr(Context, name)) and name not in skipped):
    method = getattr(quiet, name)
    for a in values:
        show(method, a)
        show(method, a, 2)
        show(method, 3, a, Decimal(5))
for rounding in ("ROUND_UP", "ROUND_05UP", "ROUND_HALF_DOWN", "x", 5, None):
    show(Decimal("-2.5").quantize, 1, rounding)
    show(Decimal("-2.5").to_integral_value, rounding)
    show(Decimal("-2.5").to_integral_exact, rounding=rounding, context=quiet)
show(Decimal(2).sqrt, quiet)
show(Decimal(2).sqrt, context=5)
show(Decimal(2).max, "x")
print(quiet)

for spec in ("", "f", ".2f", "e", ".3E", "g", "%", "+.1f", " >12", "*^12.1f", "012.3f", ",.2f", "_", "z.0f", "n", "\0<8", "é=9", "q", ".f", "5"):
    for value in (Decimal("1234567.891"), Decimal("-0.001"), Decimal("NaN"), Decimal("-Infinity")):
        try:
            print(repr(format(value, spec)))
        except ValueError as error:
            print(error)
print(Decimal("1234567.5").__format__("n", {"decimal_point": ",", "thousands_sep": ".", "grouping": "\3"}))
print(*(f"{Decimal(text)} {Decimal(text)!r} {Decimal(text).to_eng_string()}" for text in ("1e5", "123e-10", "0e3", "-0", "1E-7", "12e400")))


class Money(Decimal):
    def __new__(cls, value, currency="EUR"):
        self = super().__new__(cls, value)
        self.currency = currency
        return self


class Slotted(Decimal):
    __slots__ = ("note",)


price = Money("12345678901234567890123456789012345678901234567890.5", "USD")
print(repr(price), price.currency, type(price + 1), type(+price), type(price.real), type(price.canonical()), type(copy.copy(price)))
print(Money.from_float(2.5).currency, type(Money.from_number(3)), Decimal(price), type(Decimal(price)), hash(price) == hash(Decimal(price)))
slotted = Slotted(5)
slotted.note = "n"
print(slotted.note, slotted * 2)
for value in values + [10**60 + Decimal("0.1") if False else Decimal(10**60)]:
    copied = pickle.loads(pickle.dumps(value))
    print(copied, copy.deepcopy(value) is value)
print(Decimal("1.0").as_tuple() == DecimalTuple(0, (1, 0), -1), pickle.loads(pickle.dumps(Decimal(5).as_tuple())))
big = Decimal(7) ** 500
print(len(str(big)), Context(prec=600).power(7, 500) == 7**500, int(Context(prec=600).power(7, 500)) == 7**500, Decimal(7**500) == 7**500)
