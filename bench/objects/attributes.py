"""Attribute access: instances, slots, inheritance, properties, class attributes, bound methods."""


class Shape:
    unit = 2

    def __init__(self, width, height):
        self.width = width
        self.height = height
        self.seen = 0

    @property
    def area(self):
        return self.width * self.height

    def grow(self):
        self.width += self.unit
        self.height += self.unit
        self.seen += 1


class Square(Shape):
    def __init__(self, side):
        super().__init__(side, side)

    def grow(self):
        super().grow()
        self.seen += 1


class Node:
    __slots__ = ("value", "next")

    def __init__(self, value, next):
        self.value = value
        self.next = next


def main():
    total = 0
    for _ in range(25):
        shapes = [Shape(i, i + 1) if i % 2 else Square(i) for i in range(5000)]
        for shape in shapes:
            shape.grow()
            total += shape.area + shape.seen + shape.unit
    print(total)
    head = None
    for i in range(100_000):
        head = Node(i, head)
    total = 0
    for _ in range(12):
        node = head
        while node is not None:
            total += node.value
            node.value += 1
            node = node.next
    print(total)


if __name__ == "__main__":
    main()
