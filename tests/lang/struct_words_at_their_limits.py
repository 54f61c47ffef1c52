# Every code for whole numbers, in both byte orders, at and beyond its limits; floats; many values of one item.
import struct

for order in "<>=@":
    for code in "bBhHiIlLqQ" + ("nNP" if order == "@" else ""):
        bits = 8 * struct.calcsize(order + code)
        edges = [0, 1, -1, 2**(bits - 1) - 1, 2**(bits - 1), -2**(bits - 1), -2**(bits - 1) - 1, 2**bits - 1, 2**bits, 2**62, -2**62, 2**63]
        out = []
        for value in edges + [True, False]:
            try:
                packed = struct.pack(order + code, value)
                assert struct.unpack(order + code, packed) == (value,) or code == "P"
                out.append(packed.hex())
            except struct.error:
                out.append("-")
        print(order + code, *out)
    print(order, struct.pack(order + "3d2f", 1.5, -0.0, 1e300, 0.1, 7).hex(), struct.unpack(order + "2d", struct.pack(order + "2d", 1, 2.5)))
for fmt in ("<100i", ">50h2x3B", "<7Q", "<0i3b", "<2s3H1p", ">4?2c"):
    size = struct.calcsize(fmt)
    data = bytes((n * 37 + 200) % 256 if "?" not in fmt else n % 2 for n in range(size))
    values = struct.unpack(fmt, data)
    print(fmt, len(values), sum(v for v in values if isinstance(v, int)), values[-1])
    assert struct.unpack(fmt, struct.pack(fmt, *values)) == values
    assert list(struct.iter_unpack(fmt, data * 3)) == [values] * 3


class Index:
    def __index__(self):
        return 77


print(struct.pack("<bHq", Index(), Index(), Index()).hex())
for fmt, value in (("<i", 1.0), ("<B", "a"), ("<d", "x"), ("<d", None), ("<H", None), ("<q", [])):
    try:
        print(struct.pack(fmt, value))
    except struct.error as e:
        print(fmt, e)
