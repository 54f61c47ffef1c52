from decimal import *
D = Decimal
print(D("1.10") + D("2.2"), D("0.1") + D("0.2"), D(1) / D(3), D("1.5") * 2, D("10") % 3, -D("7") // 2,
    D("2") ** 10, D("2").sqrt(), D("1e400") * 10, D("-0.0"), D(0.1))
print(D("2.675").quantize(D("0.01")), D("2.665").quantize(D("0.01"), ROUND_HALF_UP),
    D("1234567.891").quantize(D("1")), round(D("2.5")), round(D("1.255"), 2), int(D("9.9")),
    D("123.4500").normalize(), D("1E+3").to_integral_value(), D("12.3").as_tuple(),
    D("1.20").compare(D("1.2")), D("1.20") == D("1.2"))
print(f"{D('1234567.891'):,.2f} {D('0.00001')} {D('1E-10')} {D('123'):.1e} {D('5'):>8}|", D("Infinity"),
    D("NaN"), D("sNaN").is_snan(), max(D(1), D("1.5")), hash(D("1.0")) == hash(1), D("1") == 1.0,
    D("1.1") == 1.1, D("0.5") < 0.75)
with localcontext() as ctx:
    ctx.prec = 5
    print(D(1) / D(7), D("123456.789") + 0)
    ctx.rounding = ROUND_DOWN
    print(D(2) / D(3))
    ctx.traps[Inexact] = True
    try:
        D(1) / D(3)
    except Inexact as e:
        print("inexact")
print(getcontext().prec, D(2).ln(), D(10).log10(), D(1).exp(), D("3.7").to_integral(ROUND_FLOOR), D("1e3"),
    D("1E3").adjusted(), D("-5").copy_abs(), D("6").fma(2, 3), D("7").remainder_near(D("4")),
    D((1, (1, 2), -1)))
for code in ("D(1) / 0", "D('x')", "D(0) / 0", "D(1) + 1.5", "D('1e999999999') ** 1000000000", "D(-1).sqrt()",
    "int(D('NaN'))", "D('sNaN') + 1", "D(1).quantize(D('1e-50'))"):
    try:
        print(code, eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__)
