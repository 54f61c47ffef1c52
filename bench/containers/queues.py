"""Queues: deques at both ends, a sliding window, round robin, a priority queue of events, bisect, ring buffers."""
import bisect
import heapq
from collections import deque


def window_maxima(values, width):
    out, candidates = [], deque()
    for i, value in enumerate(values):
        while candidates and values[candidates[-1]] <= value:
            candidates.pop()
        candidates.append(i)
        if candidates[0] <= i - width:
            candidates.popleft()
        if i >= width - 1:
            out.append(values[candidates[0]])
    return out


def round_robin(jobs, slice_):
    ready, order, clock = deque(jobs), [], 0
    while ready:
        name, left = ready.popleft()
        work = min(slice_, left)
        clock += work
        if left > work:
            ready.append((name, left - work))
        else:
            order.append((name, clock))
    return order


def simulate(customers):
    events, serial = [(n * 3 % 1009, n, "arrive") for n in range(customers)], customers
    heapq.heapify(events)
    free, waiting, served, waited = 4, deque(), 0, 0
    while events:
        now, _, what = heapq.heappop(events)
        if what == "arrive":
            waiting.append(now)
        else:
            free += 1
            served += 1
        while free and waiting:
            free -= 1
            waited += now - waiting.popleft()
            serial += 1
            heapq.heappush(events, (now + serial * 7 % 11 + 1, serial, "leave"))
    return served, waited


def main():
    values = [n * 7919 % 10_007 for n in range(180_000)]
    print(sum(window_maxima(values, 50)))
    print(round_robin([(f"job{n}", n * 13 % 90 + 5) for n in range(2000)], 4)[-2:])
    print(simulate(24_000))
    ordered = []
    for value in values[:24_000]:
        bisect.insort(ordered, value)
    print(ordered[:4], sum(bisect.bisect_left(ordered, n) for n in range(30_000)))
    print(heapq.nsmallest(3, values), heapq.nlargest(3, values), sum(heapq.merge(values[:3], [1, 5, 9])))
    ring = deque(maxlen=100)
    total = 0
    for value in values:
        ring.append(value)
        total += ring[0] - ring[-1]
    ring.rotate(30)
    ring.extendleft(range(5))
    print(total, list(ring)[:7], ring.index(3), ring.count(1))


if __name__ == "__main__":
    main()
