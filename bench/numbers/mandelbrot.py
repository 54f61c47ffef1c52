"""The Mandelbrot set, with floats for one picture and complex numbers for another."""


def floats(width, height, limit):
    inside = 0
    for row in range(height):
        ci = 2.0 * row / height - 1.0
        for col in range(width):
            cr = 3.0 * col / width - 2.0
            zr = zi = 0.0
            for _ in range(limit):
                zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
                if zr * zr + zi * zi > 4.0:
                    break
            else:
                inside += 1
    return inside


def complexes(width, height, limit):
    lines = []
    for row in range(height):
        line = ""
        for col in range(width):
            c = complex(3.0 * col / width - 2.0, 2.0 * row / height - 1.0)
            z, steps = 0j, 0
            while abs(z) <= 2.0 and steps < limit:
                z = z * z + c
                steps += 1
            line += " .:-=+*#%@"[steps * 9 // limit]
        lines.append(line)
    return lines


def main():
    print(floats(320, 240, 50))
    print("\n".join(complexes(100, 40, 60)))


if __name__ == "__main__":
    main()
