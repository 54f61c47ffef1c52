# Lists made of dicts and their views: order, deleted entries, subclasses, growth of a list that has items.
from collections import OrderedDict, defaultdict


class Upper(dict):
    def __iter__(self):
        return (k.upper() for k in super().keys())


def show(d):
    items = ["first"]
    items.extend(d)
    items += d.values()
    items[1:1] = d.keys()
    print(list(d), list(d.keys()), list(d.values()), [*d, *d.values()], list(d.items())[:3], items, tuple(d.keys()), sorted(d))


d = {c: i for i, c in enumerate("hello world")}
show(d)
del d["h"], d["o"]
d["h"] = None
show(d)
show({})
show(Upper(d))
o = OrderedDict(d)
o.move_to_end("e")
show(o)
show(defaultdict(int, d))
big = {i: -i for i in range(5000)}
for i in range(0, 5000, 3):
    del big[i]
print(len(list(big)), sum(list(big)), sum(list(big.values())), list(big)[-3:], list(reversed(big))[:3])
while len(big) > 2:
    big.popitem()
print(list(big), list(big.values()))
