"""Sorting: ints, strings, tuples, keys, comparison methods, and a quicksort in Python."""
import functools
import heapq
import random


class Card:
    def __init__(self, rank, suit):
        self.rank, self.suit = rank, suit

    def __lt__(self, other):
        return (self.rank, self.suit) < (other.rank, other.suit)


def quicksort(items):
    if len(items) < 2:
        return items
    pivot = items[len(items) // 2]
    return (quicksort([x for x in items if x < pivot]) + [x for x in items if x == pivot] +
            quicksort([x for x in items if x > pivot]))


def main():
    r = random.Random(5)
    ints = [r.randrange(10**6) for _ in range(60_000)]
    print(sum(i * v for i, v in enumerate(sorted(ints))) % 10**9)
    words = ["%06x" % n for n in ints[:6_000]]
    print(sorted(words)[::6_000], sorted(words, key=lambda w: w[::-1])[::10_000])
    pairs = [(n % 100, n) for n in ints[:6_000]]
    pairs.sort()
    print(pairs[::10_000])
    pairs.sort(key=lambda p: -p[1])
    print(pairs[::10_000])
    cards = sorted(Card(n % 13, n % 4) for n in ints[:8_000])
    print([(c.rank, c.suit) for c in cards[::2_000]])
    print(quicksort(ints[:20_000])[::5_000])
    heap = []
    for n in ints[:30_000]:
        heapq.heappush(heap, n)
    print([heapq.heappop(heap) for _ in range(30_000)][::10_000])
    print(sorted(ints[:8_000], key=functools.cmp_to_key(lambda a, b: a % 1000 - b % 1000))[:3])


if __name__ == "__main__":
    main()
