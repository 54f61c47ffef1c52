import collections
import concurrent.futures
import queue
import threading

LINES = [f"line {i} has {'even' if i % 2 == 0 else 'odd'} words " + "x" * (i % 4) for i in range(400)]


def count(lines): return collections.Counter(w for line in lines for w in line.split() if not w.isdigit())


chunks = [LINES[i::4] for i in range(4)]
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    total = sum(pool.map(count, chunks), collections.Counter())
print(sorted(total.items()), total == count(LINES))

work, results = queue.Queue(), queue.PriorityQueue()


def worker():
    while (job := work.get()) is not None:
        n, line = job
        results.put((n, line.upper()[:10]))
        work.task_done()


threads = [threading.Thread(target=worker) for _ in range(3)]
for t in threads: t.start()
for job in enumerate(LINES[:50]): work.put(job)
work.join()
for _ in threads: work.put(None)
for t in threads: t.join()
ordered = [results.get() for _ in range(50)]
print(ordered == sorted(ordered), ordered[0], ordered[-1], results.empty())


class Tally:
    def __init__(self): self.lock, self.n = threading.Lock(), 0
    def add(self, k):
        for _ in range(k):
            with self.lock: self.n += 1


tally = Tally()
threads = [threading.Thread(target=tally.add, args=(1000,)) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(tally.n)
