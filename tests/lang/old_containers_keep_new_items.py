# What is put into an old container between two collections survives them, whichever way it was put there.
import gc
import heapq
import random

random.seed(5)
gc.disable()
made = 0


def new():
    global made
    made += 1
    return [made, str(made)]


def check(items, expected):
    assert [item[0] for item in items] == expected, (items[-5:], expected[-5:])
    assert all(item[1] == str(item[0]) for item in items)


def litter():
    return [[0, "x" * (n % 50)] for n in range(200)]


def on_list(items, expected):
    kind = random.randrange(14)
    i = random.randrange(len(items) + 1)
    if kind < 5 or len(items) < 3:
        item = new()
        items.append(item)
        expected.append(item[0])
    elif kind == 5:
        assert items.pop()[0] == expected.pop()
    elif kind == 6:
        assert items.pop(0)[0] == expected.pop(0)
    elif kind == 7:
        item = new()
        items.insert(i, item)
        expected.insert(i, item[0])
    elif kind == 8:
        more = [new(), new()]
        items.extend(more)
        expected.extend(item[0] for item in more)
    elif kind == 9:
        items[i:i + 1] = [item := new(), last := new()]
        expected[i:i + 1] = [item[0], last[0]]
    elif kind == 10:
        del items[i:i + 2], expected[i:i + 2]
    elif kind == 11:
        items.reverse()
        expected.reverse()
    elif kind == 12:
        items.sort(key=lambda item: (gc.collect(0) if item[0] % 97 == 0 else 0, -item[0])[1])
        expected.sort(reverse=True)
    else:
        item = new()
        items[i - 1] = item
        expected[i - 1] = item[0]


lists = [([], []) for _ in range(4)]
for step in range(3000):
    pair = random.choice(lists)
    on_list(*pair)
    if random.random() < 0.1:
        gc.collect(0)
        junk = litter()
        check(*pair)
    if random.random() < 0.005:
        gc.collect()
print(sum(len(items) for items, _ in lists), [items == sorted(items) for items, _ in lists])

heap, count = [], 0
for step in range(3000):
    if random.random() < 0.55 or not heap:
        heapq.heappush(heap, (random.randrange(1000), step, str(step)))
    elif random.random() < 0.5:
        number, at, text = heapq.heappop(heap)
        assert text == str(at)
        count += 1
    else:
        heap.append((10 ** 6, step, str(step)))
        heapq.heapify(heap)
    if step % 13 == 0:
        gc.collect(0)
        junk = litter()
assert all(text == str(at) for _, at, text in heap)
print(len(heap), count)

for key in (str, int, lambda n: (n,)):
    table, model = {}, {}
    for step in range(4000):
        kind = random.randrange(8)
        name = random.randrange(600)
        if kind < 5:
            table[key(name)] = [step, str(step)]
            model[name] = step
        elif kind == 5:
            assert (table.pop(key(name), [None])[0]) == model.pop(name, None)
        elif kind == 6:
            assert table.setdefault(key(name), [step, str(step)])[0] == model.setdefault(name, step)
        elif table:
            assert table.popitem()[1][0] == model.popitem()[1]
        if step % 17 == 0:
            gc.collect(0)
            junk = litter()
        if step % 701 == 0:
            gc.collect()
    assert [(k, v[0]) for k, v in table.items()] == [(key(k), v) for k, v in model.items()]
    assert all(v[1] == str(v[0]) for v in table.values())
    print(len(table))

from collections import OrderedDict
order = OrderedDict((n, [n, str(n)]) for n in range(300))
gc.collect()
for step in range(2000):
    n = random.randrange(600)
    if n in order:
        order.move_to_end(n, last=bool(step & 1))
    else:
        order[n] = [n, str(n)]
    if step % 5 == 0:
        order.popitem(last=False)
    if step % 19 == 0:
        gc.collect(0)
        junk = litter()
assert all(k == v[0] and v[1] == str(k) for k, v in order.items())
print(len(order))
