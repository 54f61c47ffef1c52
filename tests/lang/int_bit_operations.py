values = [0, 1, -1, 5, -6, 2**40, -2**40, 2**70 + 3, -2**70 - 3]
for a in values:
    for b in values:
        print(a & b, a | b, a ^ b, end="; ")
    print()
for a in values:
    print(a, ~a, a << 1, a << 65, a >> 1, a >> 3, a >> 100, a.bit_length(), a.bit_count())
print(True & 1, True | False, True ^ True, type(True & True), type(True + True))
print((255).to_bytes(2, "big"), (-2).to_bytes(4, "little", signed=True), int.from_bytes(b"\xff\x00", "big"),
      int.from_bytes(b"\xff\xfe", "little", signed=True))
try:
    (256).to_bytes(1, "big")
except OverflowError as e:
    print(e)
print((12).as_integer_ratio(), (5).conjugate(), (5).real, (5).imag, (5).numerator, (5).denominator,
    (3).is_integer())
