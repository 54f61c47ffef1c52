"""Asking forgiveness: failed lookups, conversions and attributes as everyday control flow, next() and pop() at the end."""


class Config:
    def __init__(self, values):
        self.values = values

    def __getattr__(self, name):
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


def number(text):
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return None


def first(iterator, default):
    try:
        return next(iterator)
    except StopIteration:
        return default


def main():
    texts = ["12", "3.5", "pear", "", "0x1f", "1e3", "99", "nan?"] * 5000
    values = [number(text) for text in texts]
    print(sum(v for v in values if v is not None), values.count(None))
    config, found, absent = Config({"width": 3, "height": 4}), 0, 0
    for n in range(25_000):
        try:
            found += config.width + config.height
            found += config.depth
        except AttributeError:
            absent += 1
        absent += getattr(config, "color", 1) + hasattr(config, "width")
    print(found, absent)
    table, missing = {n: n for n in range(0, 1000, 3)}, 0
    items, beyond = list(range(500)), 0
    for n in range(120_000):
        try:
            missing -= table[n % 1000] < 0
        except KeyError:
            missing += 1
        try:
            beyond -= items[n % 1000] < 0
        except IndexError:
            beyond += 1
    print(missing, beyond)
    print(sum(first(iter(range(n % 3)), 5) for n in range(80_000)))
    mixed, bad = [1, "a", None, 2.5, [1]] * 8000, 0
    for value in mixed:
        try:
            bad += value + 1 > 1000
        except TypeError:
            bad += 1
    print(bad)
    zero = 0
    for n in range(60_000):
        try:
            zero += 100 // (n % 4)
        except ZeroDivisionError:
            zero -= 1
    print(zero)


if __name__ == "__main__":
    main()
