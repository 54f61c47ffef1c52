class Vector:
    def __init__(self, *parts):
        self.parts = parts


table = {"origin": Vector(0, 0), "unit": [Vector(1, 0), Vector(0, 1)]}


def scale(vector, by):
    return Vector(*(p * by
                    for p in vector.parts)) if by else table["unit"][0] + table["origin"].parts[
                        1]


print(scale(Vector(1, 2), 3).parts)
scale(Vector(1, 2), 0)
