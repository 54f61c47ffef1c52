"""A million instances of a class with __slots__."""
import peak


class Point:
    __slots__ = "x", "y", "z"

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z


x = [Point(i, i, i) for i in range(1_000_000)]

peak.report()
