"""Classes as data: classes made in loops, metaclass registries, __init_subclass__, enums, flags, type queries."""
import enum


class Registry(type):
    known = {}

    def __init__(cls, name, bases, namespace, **options):
        super().__init__(name, bases, namespace)

    def __new__(mcls, name, bases, namespace, **options):
        cls = super().__new__(mcls, name, bases, namespace, **options)
        mcls.known[name] = cls
        return cls


class Plugin(metaclass=Registry):
    subclasses = 0

    def __init_subclass__(cls, weight=1, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.weight = weight
        Plugin.subclasses += 1

    def run(self, n):
        return n * self.weight


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 3

    @property
    def next(self):
        return Color(self.value % 3 + 1)


class Access(enum.Flag):
    READ = 1
    WRITE = 2
    RUN = 4
    ALL = READ | WRITE | RUN


def make(name, weight):
    class Local(Plugin, weight=weight):
        label = name

        def describe(self):
            return f"{self.label}:{self.run(2)}"
    return Local


def main():
    Plugin.subclasses = 0
    made = [make(f"p{n}", n) for n in range(2500)]
    print(Plugin.subclasses, sum(len(cls().describe()) for cls in made))
    dynamic = [Registry(f"D{n}", (made[n],), {"extra": n})
               for n in range(1000)]
    print(sum(cls().run(3) + cls.extra for cls in dynamic), len(Registry.known) > 1000)
    print(sum(issubclass(cls, Plugin) and cls.__mro__[1] in made for cls in dynamic[:300]))
    color, counts = Color.RED, dict.fromkeys(Color, 0)
    for _ in range(110_000):
        counts[color] += 1
        color = color.next
    print({c.name: n for c, n in counts.items()}, Color["BLUE"] is Color(3))
    granted, allowed = Access.READ, 0
    for n in range(10_000):
        granted = granted | Access.WRITE if n % 2 else granted & ~Access.WRITE
        allowed += bool(granted & Access.WRITE) + (granted in Access.ALL)
    print(allowed, granted)
    print(sum(isinstance(p, Plugin) + hasattr(p, "describe") + len(type(p).__name__) for p in [c() for c in made] * 20))


if __name__ == "__main__":
    main()
