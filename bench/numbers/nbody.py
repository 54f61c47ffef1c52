"""The n-body problem: five planets as lists of floats, advanced step by step; their energy before and after."""


def energy(bodies, pairs):
    total = 0.0
    for a, b in pairs:
        distance = ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2) ** 0.5
        total -= a[6] * b[6] / distance
    for body in bodies:
        total += 0.5 * body[6] * (body[3] ** 2 + body[4] ** 2 + body[5] ** 2)
    return total


def advance(bodies, pairs, steps, dt=0.01):
    for _ in range(steps):
        for a, b in pairs:
            dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
            mag = dt / ((dx * dx + dy * dy + dz * dz) ** 1.5)
            am, bm = a[6] * mag, b[6] * mag
            a[3] -= dx * bm
            a[4] -= dy * bm
            a[5] -= dz * bm
            b[3] += dx * am
            b[4] += dy * am
            b[5] += dz * am
        for body in bodies:
            body[0] += dt * body[3]
            body[1] += dt * body[4]
            body[2] += dt * body[5]


def main():
    bodies = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47],
              [4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.0377],
              [8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.0113],
              [12.89, -15.11, -0.22, 1.08, 0.87, -0.01, 0.0017],
              [15.38, -25.92, 0.18, 0.98, 0.59, -0.03, 0.002]]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    print(f"{energy(bodies, pairs):.9f}")
    advance(bodies, pairs, 40_000)
    print(f"{energy(bodies, pairs):.9f}")


if __name__ == "__main__":
    main()
