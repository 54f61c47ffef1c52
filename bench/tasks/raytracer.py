"""A ray tracer: spheres and a checkered floor, reflections, shadows, vectors as objects; prints a picture in characters."""
import math


class Vec:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z

    def __add__(self, o):
        return Vec(self.x + o.x, self.y + o.y, self.z + o.z)

    def __sub__(self, o):
        return Vec(self.x - o.x, self.y - o.y, self.z - o.z)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k, self.z * k)

    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z

    def unit(self):
        return self * (1.0 / math.sqrt(self.dot(self)))


class Sphere:
    def __init__(self, centre, radius, shade, mirror):
        self.centre, self.radius, self.shade, self.mirror = centre, radius, shade, mirror

    def hit(self, origin, direction):
        to = self.centre - origin
        along = to.dot(direction)
        inside = self.radius * self.radius - to.dot(to) + along * along
        if inside < 0.0:
            return None
        distance = along - math.sqrt(inside)
        return distance if distance > 1e-4 else None

    def normal(self, point):
        return (point - self.centre).unit()

    def shade_at(self, point):
        return self.shade


class Floor:
    mirror = 0.2

    def hit(self, origin, direction):
        if direction.y >= -1e-6:
            return None
        distance = -origin.y / direction.y
        return distance if distance > 1e-4 else None

    def normal(self, point):
        return Vec(0.0, 1.0, 0.0)

    def shade_at(self, point):
        return 0.9 if (math.floor(point.x) + math.floor(point.z)) % 2 else 0.3


class Scene:
    def __init__(self, things, light):
        self.things, self.light = things, light
        self.rays = 0

    def nearest(self, origin, direction):
        self.rays += 1
        best, found = math.inf, None
        for thing in self.things:
            distance = thing.hit(origin, direction)
            if distance is not None and distance < best:
                best, found = distance, thing
        return found, best

    def trace(self, origin, direction, depth):
        thing, distance = self.nearest(origin, direction)
        if thing is None:
            return 0.25 + 0.25 * max(direction.y, 0.0)
        point = origin + direction * distance
        normal = thing.normal(point)
        to_light = (self.light - point).unit()
        bright = max(normal.dot(to_light), 0.0)
        if bright and self.nearest(point, to_light)[0] is not None:
            bright = 0.0
        result = thing.shade_at(point) * (0.15 + 0.85 * bright)
        if depth and thing.mirror:
            bounce = direction - normal * (2.0 * direction.dot(normal))
            result = result * (1.0 - thing.mirror) + thing.mirror * self.trace(point, bounce.unit(), depth - 1)
        return result


def main():
    width, height = 96, 50
    things = [Sphere(Vec(x, 1.0 + 0.3 * x, 6.0 + x * x * 0.5), 1.0, 0.5 + 0.2 * x, 0.3) for x in (-2.0, 0.0, 2.0)] + [Floor()]
    scene = Scene(things, Vec(-5.0, 8.0, -3.0))
    eye = Vec(0.0, 1.5, -2.0)
    for row in range(height):
        line = ""
        for col in range(width):
            direction = Vec((col - width / 2) / width * 1.6, (height / 2 - row) / height * 1.1, 1.0).unit()
            line += " .:-=+*#%@"[min(int(scene.trace(eye, direction, 3) * 10), 9)]
        print(line.rstrip())
    print(scene.rays)


if __name__ == "__main__":
    main()
