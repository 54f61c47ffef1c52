"""Floating point: the n-body problem, a spectral norm, a Mandelbrot set."""
import math


def nbody(steps):
    bodies = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47],
              [4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.0377],
              [8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.0113],
              [12.89, -15.11, -0.22, 1.08, 0.87, -0.01, 0.0017],
              [15.38, -25.92, 0.18, 0.98, 0.59, -0.03, 0.002]]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    for _ in range(steps):
        for a, b in pairs:
            dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
            mag = 0.01 / ((dx * dx + dy * dy + dz * dz) ** 1.5)
            am, bm = a[6] * mag, b[6] * mag
            a[3] -= dx * bm
            a[4] -= dy * bm
            a[5] -= dz * bm
            b[3] += dx * am
            b[4] += dy * am
            b[5] += dz * am
        for body in bodies:
            body[0] += 0.01 * body[3]
            body[1] += 0.01 * body[4]
            body[2] += 0.01 * body[5]
    return sum(sum(b) for b in bodies)


def mandelbrot(size):
    inside = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for col in range(size):
            cr = 3.0 * col / size - 2.0
            zr = zi = 0.0
            for _ in range(50):
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                if zr * zr + zi * zi > 4.0:
                    break
            else:
                inside += 1
    return inside


def main():
    print(f"{nbody(60_000):.9f}")
    print(mandelbrot(350))
    print(f"{sum(math.sin(i * 0.001) * math.sqrt(i) for i in range(500_000)):.6f}")


main()
