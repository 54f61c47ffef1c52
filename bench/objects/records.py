"""Records: dataclasses (plain, frozen, ordered), named tuples, replace, asdict, sorting and grouping of them."""
import dataclasses
from dataclasses import dataclass, field
from collections import namedtuple
from typing import NamedTuple


@dataclass
class Item:
    name: str
    price: int
    count: int = 1
    tags: list = field(default_factory=list)

    def cost(self):
        return self.price * self.count


@dataclass(frozen=True, order=True)
class Point:
    x: int
    y: int = 0


@dataclass
class Special(Item):
    discount: int = 10

    def cost(self):
        return super().cost() * (100 - self.discount) // 100

    def __post_init__(self):
        self.tags.append("special")


Pair = namedtuple("Pair", "left right")


class Reading(NamedTuple):
    sensor: str
    value: float
    valid: bool = True


def main():
    items = []
    for n in range(25_000):
        items.append(Item(f"item{n % 50}", n % 90, count=n % 4))
        items.append(Special(f"special{n % 9}", n % 70, 2, discount=n % 30))
    print(sum(item.cost() for item in items), len(items[1].tags))
    print(items[0], items[1] == items[3], items[0] == Item("item0", 0, 0))
    points = [Point(n * 37 % 100, n * 11 % 90) for n in range(8_000)]
    print(len(set(points)), sorted(points)[::2000], max(points))
    print(sum(dataclasses.replace(p, y=1).y for p in points))
    print(sum(len(dataclasses.asdict(item)) for item in items[:3000]))
    pairs = [Pair(n, n * 2) for n in range(60_000)]
    print(sum(p.left + p.right for p in pairs), pairs[5]._replace(left=0), sum(a - b for a, b in pairs))
    readings = [Reading(f"s{n % 5}", n / 8, n % 3 != 0) for n in range(40_000)]
    sums = {}
    for reading in readings:
        if reading.valid:
            sums[reading.sensor] = sums.get(reading.sensor, 0.0) + reading.value
    print(sorted(sums.items()))


if __name__ == "__main__":
    main()
