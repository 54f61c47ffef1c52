"""Complex numbers: a recursive fast Fourier transform, a direct one, convolution, roots by Durand and Kerner."""
import cmath
import math


def fft(values, sign=-1):
    n = len(values)
    if n == 1:
        return values
    even, odd = fft(values[::2], sign), fft(values[1::2], sign)
    half = n // 2
    twisted = [cmath.exp(sign * 2j * math.pi * k / n) * odd[k] for k in range(half)]
    return [even[k] + twisted[k] for k in range(half)] + [even[k] - twisted[k] for k in range(half)]


def convolve(a, b):
    size = 1
    while size < len(a) + len(b):
        size *= 2
    fa = fft([complex(x) for x in a] + [0j] * (size - len(a)))
    fb = fft([complex(x) for x in b] + [0j] * (size - len(b)))
    return [round((c / size).real) for c in fft([x * y for x, y in zip(fa, fb)], 1)]


def roots(coefficients, rounds):
    found = [(0.4 + 0.9j) ** k for k in range(len(coefficients) - 1)]
    for _ in range(rounds):
        for i, root in enumerate(found):
            value = 0j
            for c in coefficients:
                value = value * root + c
            divisor = 1 + 0j
            for j, other in enumerate(found):
                if i != j:
                    divisor *= root - other
            found[i] = root - value / divisor
    return sorted(found, key=lambda r: (round(r.real, 6), r.imag))


def main():
    signal = [math.sin(k * 0.1) + 0.5 * math.cos(k * 0.37) for k in range(16_384)]
    spectrum = fft([complex(s) for s in signal])
    print(max(range(8192), key=lambda k: abs(spectrum[k])), f"{sum(map(abs, spectrum)):.4f}")
    product = convolve(range(3000), range(3000, 0, -1))
    print(sum(product), product[1234])
    slow = [sum(s * cmath.rect(1.0, -2 * math.pi * k * i / 128) for i, s in enumerate(signal[:128])) for k in range(128)]
    print(f"{max(abs(a - b) for a, b in zip(slow, fft([complex(s) for s in signal[:128]]))):.0e}"[:2].rstrip("."))
    print([f"{r.real:.4f}{r.imag:+.4f}j" for r in roots([1, -10, 35, -50, 24, 3, 7], 120)])


if __name__ == "__main__":
    main()
