"""Assigning __class__ a class that expects more attributes than the instance was made for."""
import gc


class Small:
    def __init__(self):
        self.a = 1


class Large(Small):
    one: int
    two: int
    three: int
    four: int
    five: int
    six: int

    def fill(self):
        self.b = self.c = self.d = self.e = self.f = self.g = self.h = self.i = self.j = self.k = [self.a]
        return self


class Larger(Large):
    def more(self):
        self.l = self.m = self.n = self.o = self.p = self.q = self.r = {}


def attributes(o):
    return {k: v for k, v in sorted(vars(o).items())}


objects = [Small() for _ in range(2000)]
for number, o in enumerate(objects):
    o.a = [number]
    o.__class__ = Large
    if number % 3 == 0:
        o.fill()
    if number % 5 == 0:
        o.__class__ = Larger
        o.more()
    if number % 7 == 0:
        o.__class__ = Small
gc.collect()
fresh = [Large().fill() for _ in range(1000)]
gc.collect()
print(all(o.a == [number] for number, o in enumerate(objects)))
print(attributes(objects[3]), type(objects[3]).__name__)
print(attributes(objects[35]), type(objects[35]).__name__)
print(attributes(objects[15]), type(objects[15]).__name__)
print(len(fresh), attributes(fresh[-1]))
del objects[::2]
gc.collect()
print([type(o).__name__ for o in objects[:10]], [o.a for o in objects[-3:]])
