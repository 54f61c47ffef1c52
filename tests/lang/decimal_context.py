"""Contexts: fields and their checks, flags and traps as mappings, copies, pickles, the current context."""
import contextvars
import copy
import decimal
from decimal import BasicContext, Context, Decimal, DefaultContext, ExtendedContext, Inexact, Overflow, getcontext, localcontext, setcontext
import pickle


def show(what, *args, **kwargs):
    try:
        print(repr(what(*args, **kwargs)))
    except Exception as error:
        print(type(error).__name__, error)


print(DefaultContext, BasicContext, ExtendedContext, sep="\n")
for name in ("prec", "Emin", "Emax", "rounding", "capitals", "clamp", "traps", "flags", "other"):
    for value in (-1, 0, 5, "ROUND_UP", 10**30, 2.5, [Inexact], [5], {}, {Inexact: True}, None):
        show(setattr, Context(), name, value)
        show(Context, **{name: value}) if name != "other" else None
    show(delattr, Context(), name)

context = Context(prec=4, rounding="ROUND_FLOOR", Emin=-9, Emax=9, capitals=0, clamp=1, flags=[Inexact], traps=[Overflow])
for other in (context.copy(), copy.copy(context), copy.deepcopy(context), pickle.loads(pickle.dumps(context))):
    print(other, other is context)
print(context.Etiny(), context.Etop(), context.__reduce__())
print(context.flags, context.flags.copy() == context.flags, context.flags == context.traps, context.flags is context.flags)
print(len(context.flags), [signal.__name__ for signal in context.flags], Inexact in context.flags, dict(context.traps)[Overflow])
show(context.flags.__getitem__, 5)
show(context.flags.__delitem__, Inexact)
show(hash, context.flags)
show(type(context.flags)().__len__)
print([base.__name__ for base in type(context.flags).__mro__])
context.flags = context.traps
print(context)
context.clear_flags()
context.clear_traps()
print(context)

print(context.divide(1, 3), context.create_decimal("1e9"), context.to_sci_string(Decimal("1E+30")), context.power(2, 5, modulo=7))
print(context.flags[Inexact])
show(context.add, 1, "x")
show(context.canonical, 1)
for bits in (32, 64, 128, 100, 1024, "x"):
    show(decimal.IEEEContext, bits)

before = getcontext()
with localcontext(prec=3, rounding="ROUND_UP") as inner:
    print(Decimal(1) / 3, getcontext() is inner, inner.flags[Inexact], before.prec)
    contextvars.Context().run(lambda: print(Decimal(1) / 3))
with localcontext(ExtendedContext):
    print(Decimal(1) / 0, Decimal(0) / 0, Decimal(10) ** 1000000)
print(getcontext() is before)
show(localcontext, other=1)
show(localcontext, 5)
show(localcontext, prec="x")
show(setcontext, 5)
setcontext(BasicContext)
print(getcontext() is BasicContext, getcontext())
for expression in ("Decimal(1) / 0", "Decimal(0) / 0", "Decimal('1e999999') * 10", "Decimal('x')", "Decimal('1e-999999') / 3"):
    try:
        print(eval(expression))
    except decimal.DecimalException as error:
        print(type(error).__name__, error, [base.__name__ for base in type(error).__mro__])


class Mine(Context):
    pass


mine = Mine(prec=5)
mine.note = "kept"
print(mine.note, mine.sqrt(2), type(mine.copy()), pickle.loads(pickle.dumps(Context(prec=5))).prec)
