values = [0.0, -0.0, 1.0, -1.5, 0.1, 1/3, 2/3, 1e16, 1e15, 123456789012345680.0, 1e22, 1e23, 5e-324, 2.2250738585072014e-308,
          1.7976931348623157e308, 1e-4, 1e-5, 0.00012345, 100.0, 1e100, float("inf"), float("-inf"), float("nan")]
for x in values:
    print(repr(x), str(x), x.hex(), format(x, ".3f"), format(x, "g"), format(x, "e"), format(x, "10.4g"))
for text in ("1e5", " 2.5 ", "-inf", "NaN", "1_0.5", "0x1", ".5", "5.", "1e", "", "infinity", "1__0", "٣.٥"):
    try:
        print(repr(text), float(text))
    except ValueError as e:
        print(e)
print(float.fromhex("0x1.8p3"), float.fromhex("-0x.1p-4"), (0.75).as_integer_ratio(), (2.0).is_integer())
for x in (0.5, 1.5, 2.5, -0.5, 2.675, 1e300):
    print(round(x), round(x, 2), round(x, -1))
print(f"{1234567.891:,.2f} {0.256:.1%} {-3.0:+08.2f} {1e10:_.0f} {3.14159:<10.3}| {2.0:n} {1.5:z.0f} {-0.001:z.1f}")
