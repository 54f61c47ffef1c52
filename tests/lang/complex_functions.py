# cmath: values, special values, and errors.
import cmath
import math

z = 3 + 4j
for name in ("acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "log", "log10", "sin", "sinh", "sqrt",
             "tan", "tanh"):
    function = getattr(cmath, name)
    value = function(z / 5)
    print(name, f"{value.real:.12f} {value.imag:.12f}", function(0.25).imag == 0, end=" ")
    for special in (0, complex(math.inf, 1), complex(1, math.inf), complex(math.nan, 0), 1, -1, 1j, "x"):
        try:
            value = function(special)  # the sign of a zero beside a NaN is nobody's promise
            print(f"{value:.6g}" if special == special else math.isnan(value.real) or math.isnan(value.imag), end=" ")
        except (ValueError, TypeError, OverflowError) as e:
            print(type(e).__name__, e, end=" ")
    print()
print(cmath.polar(z), cmath.phase(-1), cmath.rect(2, math.pi / 2).imag, cmath.rect(math.inf, 0), cmath.rect(0, 5))
print(cmath.isclose(1, 1 + 1e-10j), cmath.isclose(1, 2, rel_tol=0.5), cmath.isclose(cmath.inf, cmath.inf))
print(cmath.isnan(cmath.nanj), cmath.isinf(cmath.infj), cmath.isfinite(z), cmath.pi, cmath.e, cmath.tau, cmath.infj)
for call in ("exp(1e5)", "polar(1e308 + 1.7e308j)", "rect(1, cmath.inf)", "log(2, 1)", "log(0)", "isclose(1, 2, rel_tol=-1)",
             "log(1, 2, 3)", "sqrt()", "phase('1')"):
    try:
        print(call, eval("cmath." + call))
    except Exception as e:
        print(call, type(e).__name__, e)
print(complex(real=1.5), complex("1+2j"), complex(1, 2.5))
