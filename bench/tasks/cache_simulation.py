"""Caches under a trace of requests: least recently used by links and by OrderedDict, least frequent, first in, a clock."""
from collections import OrderedDict, defaultdict, deque


class Link:
    __slots__ = ("key", "before", "after")

    def __init__(self, key):
        self.key, self.before, self.after = key, self, self


class LinkedLRU:
    def __init__(self, size):
        self.size, self.links, self.head = size, {}, Link(None)

    def request(self, key):
        link = self.links.get(key)
        hit = link is not None
        if hit:
            link.before.after, link.after.before = link.after, link.before
        else:
            if len(self.links) >= self.size:
                old = self.head.after
                old.before.after, old.after.before = old.after, old.before
                del self.links[old.key]
            link = self.links[key] = Link(key)
        last = self.head.before
        link.before, link.after = last, self.head
        last.after = self.head.before = link
        return hit


class OrderedLRU:
    def __init__(self, size):
        self.size, self.known = size, OrderedDict()

    def request(self, key):
        if key in self.known:
            self.known.move_to_end(key)
            return True
        if len(self.known) >= self.size:
            self.known.popitem(last=False)
        self.known[key] = True
        return False


class LFU:
    def __init__(self, size):
        self.size, self.uses, self.groups, self.least = size, {}, defaultdict(OrderedDict), 0

    def request(self, key):
        count = self.uses.get(key, 0)
        if count:
            del self.groups[count][key]
            if not self.groups[count] and self.least == count:
                self.least += 1
        else:
            if len(self.uses) >= self.size:
                old, _ = self.groups[self.least].popitem(last=False)
                del self.uses[old]
            self.least = 1
        self.uses[key] = count + 1
        self.groups[count + 1][key] = None
        return count > 0


class FIFO:
    def __init__(self, size):
        self.size, self.known, self.queue = size, set(), deque()

    def request(self, key):
        if key in self.known:
            return True
        if len(self.queue) >= self.size:
            self.known.remove(self.queue.popleft())
        self.known.add(key)
        self.queue.append(key)
        return False


class Clock:
    def __init__(self, size):
        self.size, self.slots, self.used, self.at, self.hand = size, [], [], {}, 0

    def request(self, key):
        if key in self.at:
            self.used[self.at[key]] = True
            return True
        if len(self.slots) < self.size:
            self.at[key] = len(self.slots)
            self.slots.append(key)
            self.used.append(False)
            return False
        while self.used[self.hand]:
            self.used[self.hand] = False
            self.hand = (self.hand + 1) % self.size
        del self.at[self.slots[self.hand]]
        self.slots[self.hand] = key
        self.at[key] = self.hand
        self.hand = (self.hand + 1) % self.size
        return False


def trace(length):
    state = 1
    for n in range(length):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        r = state >> 8
        yield r % 50 if r % 3 else r % 400 if r % 5 else n // 7 % 1000


def main():
    requests = list(trace(70_000))
    for kind in (LinkedLRU, OrderedLRU, LFU, FIFO, Clock):
        cache = kind(100)
        print(kind.__name__, sum(map(cache.request, requests)))


if __name__ == "__main__":
    main()
