"""Pictures by iteration: the chaos game, a B-spline attractor, Koch curves, an L-system, drawn into a character grid."""
import math
import random


class Canvas:
    def __init__(self, width, height):
        self.width, self.height = width, height
        self.cells = [[0] * width for _ in range(height)]

    def dot(self, x, y):
        col, row = int(x * self.width), int(y * self.height)
        if 0 <= col < self.width and 0 <= row < self.height:
            self.cells[row][col] += 1

    def summary(self):
        lit = sum(cell > 0 for row in self.cells for cell in row)
        return lit, max(map(max, self.cells))

    def __str__(self):
        return "\n".join("".join(" .:*#"[min(cell, 4)] for cell in row).rstrip() for row in self.cells[::3])


def game(canvas, corners, steps, r):
    x = y = 0.5
    for _ in range(steps):
        cx, cy = corners[int(r.random() * len(corners))]
        x, y = (x + cx) / 2, (y + cy) / 2
        canvas.dot(x, y)


def fern(canvas, steps, r):
    maps = [(0.01, 0.0, 0.0, 0.0, 0.16, 0.0), (0.86, 0.85, 0.04, -0.04, 0.85, 1.6), (0.93, 0.2, -0.26, 0.23, 0.22, 1.6), (1.0, -0.15, 0.28, 0.26, 0.24, 0.44)]
    x = y = 0.0
    for _ in range(steps):
        p = r.random()
        for limit, a, b, c, d, f in maps:
            if p <= limit:
                x, y = a * x + b * y, c * x + d * y + f
                break
        canvas.dot((x + 2.5) / 5.2, 1.0 - y / 10.2)


def expand(text, rules, rounds):
    for _ in range(rounds):
        text = "".join([rules.get(c, c) for c in text])
    return text


def turtle(canvas, text, angle, step):
    x, y, heading, stack = 0.05, 0.7, 0.0, []
    for c in text:
        if c == "F":
            x += step * math.cos(heading)
            y += step * math.sin(heading)
            canvas.dot(x, y)
        elif c == "+":
            heading += angle
        elif c == "-":
            heading -= angle
        elif c == "[":
            stack.append((x, y, heading))
        elif c == "]":
            x, y, heading = stack.pop()


def main():
    r = random.Random(3)
    sierpinski = Canvas(64, 48)
    game(sierpinski, [(0.0, 1.0), (1.0, 1.0), (0.5, 0.0)], 120_000, r)
    print(sierpinski.summary())
    leaf = Canvas(60, 60)
    fern(leaf, 100_000, r)
    print(leaf.summary())
    print(leaf)
    koch = Canvas(80, 60)
    turtle(koch, expand("F", {"F": "F+F--F+F"}, 7), math.pi / 3, 0.9 / 3 ** 7)
    plant = expand("X", {"X": "F[+X]F[-X]+X", "F": "FF"}, 8)
    turtle(koch, plant, 0.35, 0.001)
    print(koch.summary(), len(plant))


if __name__ == "__main__":
    main()
