import math
print([f"{getattr(math, f)(0.5):.12g}" for f in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "cbrt", "erf", "erfc", "gamma", "lgamma", "degrees", "radians", "exp2", "fabs", "ceil", "floor", "trunc")])
print(math.gcd(12, 18, 27), math.lcm(4, 6), math.factorial(25), math.comb(50, 6), math.perm(10, 3),
    math.isqrt(10**40 + 1), math.prod([1, 2, 3.5]), math.hypot(3, 4, 12), math.dist((0, 0), (3, 4)),
    math.fsum([0.1] * 10), math.sumprod([1, 2], [3, 4]), math.atan2(-1, -1), math.copysign(1, -0.0),
    math.fmod(-7, 3), math.remainder(7, 4), math.modf(-2.5), math.frexp(10), math.ldexp(0.5, 4),
    math.nextafter(1, 2), math.ulp(1.0), math.pow(2, 0.5), math.fma(2, 3, 4))
print(math.isclose(1, 1 + 1e-10), math.isclose(0, 1e-10), math.isclose(0, 1e-10, abs_tol=1e-9),
    math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1), math.pi, math.e, math.tau, math.log(8, 2),
    round(math.log(10**400), 10), math.log2(2**1000), math.ceil(-0.5), math.floor(1e20), math.trunc(-9.9))
for code in ("math.sqrt(-1)", "math.log(0)", "math.log(-1)", "math.exp(1000)", "math.factorial(-1)",
    "math.factorial(1.5)", "math.gamma(0)", "math.acos(2)", "math.comb(-1, 2)", "math.floor(math.inf)",
    "math.gcd(1.5)", "math.fmod(1, 0)", "math.ldexp(1, 5000)", "math.isqrt(-1)", "math.pow(0, -1)",
    "math.sin('x')", "math.prod(5)", "math.dist((1,), (1, 2))", "math.remainder(math.inf, 1)"):
    try:
        print(eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
for n in (10**400, 2**1024 - 1, 2**1024 - 2**970, 2**1024 - 2**970 - 1, 2**1024):  # about the largest float
    print(math.log(n), math.log(n, 2), math.log2(n), math.log10(n), math.log(5, n))
