"""Computed attributes: properties with setters, own descriptors, __getattr__, __setattr__, proxies, __dict__."""


class Bounded:
    """A data descriptor that keeps a number within bounds."""

    def __init__(self, low, high):
        self.low, self.high = low, high

    def __set_name__(self, owner, name):
        self.slot = "_" + name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.slot)

    def __set__(self, instance, value):
        setattr(instance, self.slot, self.low if value < self.low else self.high if value > self.high else value)


class Sensor:
    level = Bounded(0, 100)

    def __init__(self, level):
        self.level = level
        self._celsius = 20

    @property
    def fahrenheit(self):
        return self._celsius * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, value):
        self._celsius = (value - 32) * 5 / 9


class Lazy:
    """Attributes made on first use."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        value = len(name)
        setattr(self, name, value)
        return value


class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "_target", target)
        object.__setattr__(self, "_writes", 0)

    def __getattr__(self, name):
        return getattr(self._target, name)

    def __setattr__(self, name, value):
        object.__setattr__(self, "_writes", self._writes + 1)
        setattr(self._target, name, value)


def main():
    sensor = Sensor(50)
    total = 0
    for i in range(110_000):
        sensor.level = i % 150 - 20
        total += sensor.level
        sensor.fahrenheit = sensor.fahrenheit + (1 if i % 2 else -1)
    print(total, round(sensor.fahrenheit, 6))
    names = ["alpha", "beta", "gamma", "delta"]
    total = 0
    for _ in range(16_000):
        lazy = Lazy()
        for name in names:
            total += getattr(lazy, name) + getattr(lazy, name)
        total += hasattr(lazy, "_private") + getattr(lazy, "_other", 3)
    print(total)
    proxy = Proxy(Sensor(5))
    for i in range(50_000):
        proxy.level = i % 80
        proxy.note = i
        total += proxy.level + proxy.note
    print(total, proxy._writes, sorted(vars(proxy._target)))
    plain = Sensor(1)
    for i in range(110_000):
        plain.__dict__[names[i % 4]] = i
        total += vars(plain).get("gamma", 0)
    print(total, sorted(plain.__dict__))


if __name__ == "__main__":
    main()
