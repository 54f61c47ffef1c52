"""The collections module: Counter, defaultdict, OrderedDict, ChainMap, UserDict subclasses; own mappings and sequences."""
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict
from collections.abc import Mapping, Sequence


class LowerDict(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)

    def __getitem__(self, key):
        return super().__getitem__(key.lower())


class Squares(Sequence):
    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if index >= self.count:
            raise IndexError(index)
        return index * index


class Multi(dict):
    def __missing__(self, key):
        self[key] = made = []
        return made


class View(Mapping):
    def __init__(self, data, prefix):
        self.data, self.prefix = data, prefix

    def __getitem__(self, key):
        return self.data[self.prefix + key]

    def __iter__(self):
        return (key[len(self.prefix):] for key in self.data if key.startswith(self.prefix))

    def __len__(self):
        return sum(1 for _ in self)


def main():
    words = [f"word{n * n % 211}" for n in range(1120_000)]
    counts = Counter(words)
    print(counts.most_common(3), sum((counts + Counter(words[:500])).values()), len(counts - Counter(words[::2])))
    groups = defaultdict(list)
    for n, word in enumerate(words):
        groups[word[-1]].append(n)
    nested = defaultdict(lambda: defaultdict(int))
    for a, b in zip(words, words[1:]):
        nested[a][b] += 1
    print(len(groups["3"]), len(nested), max(max(inner.values()) for inner in nested.values()))
    order = OrderedDict((f"k{n}", n) for n in range(500))
    for n in range(80_000):
        order.move_to_end(f"k{n * 7 % 500}")
    print(list(order)[:3], order.popitem(last=False))
    chain = ChainMap({"a": 1}, {"b": 2, "a": 5}, {"c": 3})
    print(sum(chain["a"] + chain["c"] + chain.get("d", 4) for _ in range(15_000)))
    lower = LowerDict()
    for n in range(12_000):
        lower[f"Key{n % 90}"] = n
    print(lower["KEY7"], len(lower), "key8" in lower)
    print(sum(Squares(3000)), 900 in Squares(40), Squares(60).index(81), list(reversed(Squares(4))))
    multi = Multi()
    for n in range(120_000):
        multi[n % 50].append(n)
    view = View({f"{p}.{n}": n for p in ("a", "bc") for n in range(300)}, "bc.")
    print(len(multi), len(view), sum(view.values()), "299" in view, view.get("x", -1))


if __name__ == "__main__":
    main()
