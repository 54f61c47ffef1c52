for text, base in [("42", 10), (" -17 ", 10), ("0x1f", 16), ("0x1f", 0), ("0b101", 0), ("0o17", 0), ("z", 36),
                   ("1_000_000", 10), ("ff", 16), ("٣٤", 10), ("-0B11", 0)]:
    print(repr(text), base, int(text, base))
for text, base in [("", 10), ("4 2", 10), ("1__0", 10), ("_1", 10), ("0x", 16), ("9", 8), ("012", 0),
    ("1", 1), ("1", 37)]:
    try:
        print(int(text, base))
    except ValueError as e:
        print(e)
for bad in (None, [], 1.5j, "x", b"12a"):
    try:
        print(int(bad))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
print(int(3.99), int(-3.99), int(b"77"), int(True), int(10**25 + 0.0))
print(bin(-10), oct(64), hex(-255), bin(2**70), hex(2**70))
print(str(2**200), repr(-2**100), len(str(7**3000)))
for x in (float("inf"), float("nan")):
    try:
        int(x)
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)
class Index:
    def __index__(self): return 5
print(int(Index()), hex(Index()), [10, 20, 30, 40, 50, 60][Index()])
