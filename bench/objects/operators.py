"""Special methods: a vector class with arithmetic, comparison, hashing, indexing, iteration, containment, truth."""


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x, -self.y, -self.z)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y and self.z == other.z

    def __hash__(self):
        return hash((self.x, self.y, self.z))

    def __getitem__(self, index):
        return (self.x, self.y, self.z)[index]

    def __iter__(self):
        yield self.x
        yield self.y
        yield self.z

    def __len__(self):
        return 3

    def __bool__(self):
        return bool(self.x or self.y or self.z)

    def __contains__(self, value):
        return value == self.x or value == self.y or value == self.z

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        self.z += other.z
        return self

    def __repr__(self):
        return f"Vector({self.x}, {self.y}, {self.z})"


def main():
    position, velocity = Vector(0, 0, 0), Vector(1, 2, 3)
    for step in range(60_000):
        position += velocity
        velocity = 2 * velocity - velocity * 2 + (-velocity) + Vector(step % 7, 1, -1)
    print(position, velocity)
    points = [Vector(n % 10, n % 7, n % 3) for n in range(30_000)]
    print(len(set(points)), sum(a @ b for a, b in zip(points, points[1:])))
    print(sum(p[0] + p[-1] + len(p) for p in points), sum(5 in p for p in points), sum(1 for p in points if p))
    print(sum(sum(p) for p in points), sum(p == q for p, q in zip(points, points[70:])))


if __name__ == "__main__":
    main()
