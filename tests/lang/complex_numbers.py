z = 3 + 4j
print(z, -z, z.real, z.imag, abs(z), z.conjugate(), z * z, z / (1 - 1j), z ** 2, z ** -1, z ** 0.5)
print(complex(1, 2), complex("1+2j"), complex("j"), complex(" -1e3-2.5J "), complex(1.5), complex())
print(repr(complex(0.0, -0.0)), -0j, 1j * 1j, (1 + 0j) == 1, hash(1 + 0j) == hash(1), bool(0j))
print(f"{z:.2f} {z:>12} {z:+.1e} {complex(1, float('inf'))}")
for bad in ("1j < 2j", "complex('1 + 2j')", "1j // 1", "1j / 0", "0j ** -1", "int(1j)", "complex('x', 1)",
    "abs(complex(1e308, 1e308))"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
class C:
    def __complex__(self): return 2 - 1j
print(complex(C()), complex.from_number(3))
import cmath
print(cmath.sqrt(-4), cmath.phase(-1), cmath.polar(1j), cmath.isclose(cmath.exp(1j * cmath.pi), -1))
