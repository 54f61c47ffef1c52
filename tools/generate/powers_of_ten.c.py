"""The leading 128 bits of 10**k, rounded down, for k from -342 to 324: base/powers_of_ten.h."""


def leading_bits(k):
    """Return floor(10**k / 2**e) where e makes the result exactly 128 bits long."""
    if k >= 0:
        n = 10**k
        shift = n.bit_length() - 128
        return n >> shift if shift >= 0 else n << -shift
    d = 10**-k
    q = (1 << (d.bit_length() + 128)) // d
    return q >> (q.bit_length() - 128)


print('#include "base/powers_of_ten.h"\n\nconst PowerOfTen powers_of_ten[] = {')
for k in range(-342, 325):
    n = leading_bits(k)
    print(f"    {{0x{n >> 64:016x}, 0x{n & (1 << 64) - 1:016x}}}, // {k}")
print("};")
