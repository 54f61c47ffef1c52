"""Writes src/base/powers_of_ten.inc: the leading 128 bits of 10**k, rounded down, for k from -342 to 324.

The values are exact integer arithmetic; running this again must change nothing:

    python3 tools/gen_powers_of_ten.py > src/base/powers_of_ten.inc
"""


def leading_bits(k):
    """Return floor(10**k / 2**e) where e makes the result exactly 128 bits long."""
    if k >= 0:
        n = 10**k
        shift = n.bit_length() - 128
        return n >> shift if shift >= 0 else n << -shift
    d = 10**-k
    q = (1 << (d.bit_length() + 128)) // d
    return q >> (q.bit_length() - 128)


print("// Leading 128 bits of 10**k for k = -342 .. 324, rounded down. Written by tools/gen_powers_of_ten.py.")
for k in range(-342, 325):
    n = leading_bits(k)
    print(f"{{0x{n >> 64:016x}, 0x{n & (1 << 64) - 1:016x}}}, // {k}")
