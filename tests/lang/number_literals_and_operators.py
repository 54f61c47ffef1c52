print(0b101, 0o17, 0xFF, 1_000, 1e3, 1E-3, .5, 5., 1_0.0_1, 3j, 1e2j, 0_0, 00, 0xdead_beef)
print(-2 ** 2, (-2) ** 2, 2 ** -1, not 1 == 2, -1 ** 0.5, ~5, +-+1, 1 - -1, 7 // -2, -7 % 3, 2 ** 3 ** 2,
    1 << 2 + 1)
print(1 < 2 < 3 > 2 != 5, 1 < 3 < 2, 1 == 1 in [1], (1 == 1) in [1], not True == False, 1 is 1 if True else 0)
print(5 if 0 else 6 if 1 else 7, [] or 0 or "last", 1 and [] and 3, None or (1, 2)[1],
    (lambda: 0 if 0 else 1)())
print(3 & 5 | 2 ^ 7, 1 | 2 == 2, 6 & 3 == 3, 10 - 2 - 3, 100 / 10 / 2, 2 * 3 % 4)
for bad in ("0777", "1__0", "1_", "0x", "0b2", "0o8", "1e", "1.e+", "0xg", "1_000_", "5a", "1.2.3", "1 2",
    "0b", "1if 1else 2x"):
    try:
        print(bad, eval(bad))
    except SyntaxError as e:
        print(bad, "->", e.msg, e.offset)
x = 10
x //= 3
x **= 2
x %= 5
x <<= 3
x ^= 1
x |= 64
x &= ~1
x >>= 1
print(x, x.__class__, 5 .bit_length(), 1..is_integer(), 1.0.hex(), 10 .__add__(5))
print(True + True, True if [] else False, -True, ~False, True << 3, 5 // True, isinstance(True, int),
    True is not False)
print(1_000_000 == 10**6, 1e16 + 1 == 1e16, 0.1 + 0.2, 1/3, 2/3, 1e-10, 123456789.123456789, 1e15, 1e16,
    1.5e300 * 1e10)
print(round(2.5), round(3.5), round(-2.5), round(1234.5678, 2), round(1234, -2), round(1e20), round(0.5),
    round(True))
