"""What two threads do to one iterator, counter, heap or deque that is written in C: nothing is lost, nothing comes twice."""
import bisect
import collections
import heapq
import itertools
import sys
import threading

sys.setswitchinterval(1e-5)
COUNT = 20000


def in_threads(*functions):
    errors = []

    def guarded(f):
        try:
            f()
        except BaseException as e:
            errors.append(e)

    threads = [threading.Thread(target=guarded, args=(f,)) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return errors


def shared(iterator, limit=None):
    """Everything that two threads took out of it, and how often something went wrong."""
    taken = [], []
    errors = in_threads(*[lambda out=out: out.extend(itertools.islice(iterator, limit)) for out in taken])
    return taken[0] + taken[1], errors


items, errors = shared(itertools.batched(range(COUNT), 4, strict=True))
print("batched", errors, sorted(items) == list(itertools.batched(range(COUNT), 4)))
items, errors = shared(itertools.cycle(range(1000)), COUNT)
print("cycle", errors, set(collections.Counter(items).values()) == {2 * COUNT // 1000})
items, errors = shared(itertools.tee(range(COUNT), 1)[0])
print("tee", errors, sorted(items) == list(range(COUNT)))
items, errors = shared(itertools.zip_longest(range(COUNT), range(COUNT // 2)))
print("zip_longest", errors, (None, None) in items, sorted(a for a, _ in items if a is not None) == list(range(COUNT)))
items, errors = shared(enumerate(range(COUNT), 1))
print("enumerate", errors, sorted(items) == [(i + 1, i) for i in range(COUNT)])
items, errors = shared(zip(range(COUNT), list(range(COUNT)), strict=True))
print("zip", errors, sorted(items) == [(i, i) for i in range(COUNT)])
items, errors = shared(zip(range(COUNT), list(range(COUNT)), tuple(range(COUNT))))
print("zip of three", errors, sorted(items) == [(i, i, i) for i in range(COUNT)])
items, errors = shared(itertools.compress(range(COUNT), [0, 1] * (COUNT // 2)))
print("compress", errors, sorted(items) == list(range(1, COUNT, 2)))
items, errors = shared(iter(collections.OrderedDict.fromkeys(range(COUNT))))
print("OrderedDict", errors, sorted(items) == list(range(COUNT)))

counter = collections.Counter()
words = [f"word {i % 50}" for i in range(COUNT)]
print("Counter", in_threads(lambda: counter.update(words), lambda: counter.update(words)),
      counter == {w: 2 * COUNT // 50 for w in words})

heap, popped = [], ([], [])


def push_and_pop(part, out):
    for i in range(COUNT // 4):
        heapq.heappush(heap, (f"{part}{i * 7919 % COUNT:05}", i / 2, i))
        if i % 3 == 0:
            out.append(heapq.heappop(heap))


print("heap", in_threads(lambda: push_and_pop("a", popped[0]), lambda: push_and_pop("b", popped[1])),
      all(heap[(i - 1) // 2] <= heap[i] for i in range(1, len(heap))), len(heap) + len(popped[0]) + len(popped[1]) == COUNT // 2,
      len(set(heap) | set(popped[0]) | set(popped[1])) == COUNT // 2)

queue = collections.deque("abcde")


def rotate():
    for _ in range(COUNT):
        queue.append(queue.popleft())


def look():
    for _ in range(COUNT):
        queue[-1], queue[-3], queue.count("c")
        queue[-4] = queue[-4] and "x"


print("deque", in_threads(rotate, look), len(queue))

numbers = list(range(1000))


def shorten():
    for _ in range(COUNT):
        last = numbers.pop()
        numbers.append(last)


def search():
    for _ in range(COUNT):
        bisect.bisect_left(numbers, 5000)


print("bisect", in_threads(shorten, search), numbers == list(range(1000)))
