"""Cyclic garbage: parents and children, doubly linked rings, closures over themselves, weak references, callbacks."""
import gc
import weakref


class Node:
    def __init__(self, parent=None):
        self.parent = parent
        self.children = []
        if parent is not None:
            parent.children.append(self)


class Watched:
    def __init__(self, n):
        self.n = n
        self.me = self


def family(depth, parent=None):
    node = Node(parent)
    if depth:
        for _ in range(3):
            family(depth - 1, node)
    return node


def ring(size):
    first = last = [None, None]
    for _ in range(size):
        last[1] = [last, None]
        last = last[1]
    last[1], first[0] = first, last
    return first


def recursive():
    def walk(n):
        return n if n < 2 else walk(n - 1) + 1
    return walk(20)


def main():
    print(sum(len(family(6).children) for _ in range(60)))
    print(sum(len(ring(200)) for _ in range(500)), sum(recursive() for _ in range(6_000)))
    dead = []
    references = [weakref.ref(Watched(n), dead.append) for n in range(8_000)]
    cache = weakref.WeakValueDictionary()
    kept = [Watched(n) for n in range(500)]
    for n in range(20_000):
        cache[n] = kept[n % 500] if n % 2 else Watched(n)
    gc.collect()
    gc.collect()
    print(len(dead), sum(r() is None for r in references), len(cache))
    kept.clear()
    gc.collect()
    gc.collect()
    print(len(cache))


if __name__ == "__main__":
    main()
