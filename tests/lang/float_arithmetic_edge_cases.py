inf, nan = float("inf"), float("nan")
print(inf - inf, inf * 0, nan == nan, nan != nan, nan < 1, [nan] == [nan], nan in [nan], 1e308 * 10)
for a, b in [(7.5, 2), (-7.5, 2), (7.5, -2), (0.0, -3.0), (-0.0, 3.0), (1e20, 3), (inf, 2) , (3, inf),
    (-3, inf)]:
    try:
        print(a, b, a // b, a % b, divmod(a, b))
    except Exception as e:
        print(type(e).__name__, e)
for bad in ("1.0 / 0", "1.0 // 0", "1.0 % 0", "0.0 ** -1", "10.0 ** 400", "divmod(1.0, 0.0)"):
    try:
        print(eval(bad))
    except (ZeroDivisionError, OverflowError) as e:
        print(bad, type(e).__name__, e)
print((-8) ** (1 / 3), (-8.0) ** 2, 2.0 ** -3, 4 ** 0.5, (-1) ** 0.5)
print(1 == 1.0, 2**53 + 1 == float(2**53), 2**53 + 1 > 2.0**53, 10**400 > 1e308, hash(2.0) == hash(2),
    hash(0.5), hash(inf), hash(-inf))
print(min(1, 1.0), max(1.0, 1), sum([0.1] * 10), sum([1e100, 1.0, -1e100]), sum([1, 2.5, 3]))
print((1.5).__add__(2), (1.5).__add__("x"), (1.5).__rsub__(1), float.__eq__(1.0, "a"))
