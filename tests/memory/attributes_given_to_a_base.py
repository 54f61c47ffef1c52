"""A class with many below it goes on getting and losing attributes: what the classes and their instances were before goes."""
# bound: 45 MB
import peak


class Base:
    def __init__(self):
        self.a = 1
        self.b = 2


objects = [type(f"Below{i}", (Base,), {})() for i in range(2000)]
# What is looked at moves to today's layouts: each time others stay behind.
for turn in range(400):
    setattr(Base, f"given{turn % 10}", turn)
    if turn % 10 == 9:
        for i in range(10):
            delattr(Base, f"given{i}")
    for o in objects[turn % 3 :: 3]:
        o.c = o.a + o.b + turn
        vars(o)
assert all(o.a == 1 and o.b == 2 and list(vars(o)) == ["a", "b", "c"] for o in objects)
peak.report()
