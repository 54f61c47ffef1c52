import collections
import threading

N, T = 3000, 4


def run(*targets):
    threads = [threading.Thread(target=t, args=(k,)) for k, t in enumerate(targets)]
    for t in threads: t.start()
    for t in threads: t.join()


shared_list, shared_dict, shared_set, shared_deque, errors = [], {}, set(), collections.deque(), []


def appender(k):
    for i in range(N):
        shared_list.append((k, i))
        shared_dict[k, i] = i
        shared_dict.setdefault(i, []).append(k)
        shared_set.add(i)
        shared_deque.append(i)


def reader(k):
    for _ in range(N // 10):
        try:
            len(shared_list), shared_list[:5], (0, 0) in shared_dict, 5 in shared_set, len(shared_deque)
            sum(1 for _ in list(shared_dict))
            for x in shared_list[-3:]: assert len(x) == 2
        except RuntimeError:
            pass
        except Exception as e:
            errors.append(repr(e))


run(*[appender] * T, *[reader] * 2)
print(len(shared_list), len(set(shared_list)), len(shared_dict), len(shared_set), len(shared_deque), errors)
print(all(sorted(shared_dict[i]) == [0, 1, 2, 3] for i in range(N)),
    sorted(i for k, i in shared_list if k == 2) == list(range(N)))
popped = []


def popper(k):
    while True:
        try:
            popped.append(shared_list.pop())
        except IndexError:
            return


run(*[popper] * T)
print(len(popped), len(set(popped)), shared_list)
taken = []


def taker(k):
    while True:
        try:
            taken.append(shared_dict.popitem())
        except KeyError:
            return


size = len(shared_dict)
run(*[taker] * T)
print(len(taken) == size, len({k for k, v in taken}) == size, shared_dict)


class Box: pass


box = Box()


def attributes(k):
    for i in range(N):
        setattr(box, f"a{k}_{i % 50}", i)
        getattr(box, f"a{(k + 1) % T}_{i % 50}", None)
        if i % 7 == 0 and hasattr(box, f"a{k}_3"): delattr(box, f"a{k}_3")


run(*[attributes] * T)
print(len(vars(box)) >= 49 * T,
    all(vars(box)[f"a{k}_{j}"] % 50 == j for k in range(T) for j in range(50) if j != 3))


def classes(k):
    for i in range(200):
        cls = type(f"C{i}", (Box,), {"x": i})
        assert cls().x == i
        Box.shared = k


run(*[classes] * T)
print(Box.shared in range(T))
counter = iter(range(T * N))
seen = [[] for _ in range(T)]


def sorter(k):
    data = [(i * 7919 + k) % 1009 for i in range(N)]
    for _ in range(5):
        assert sorted(data)[0] == min(data)
        seen[k].append("".join(map(str, data[:50])))


run(*[sorter] * T)
print([len(set(s)) for s in seen], len({s[0] for s in seen}))
