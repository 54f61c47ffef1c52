"""tracemalloc tells where living memory was made, by which calls, and forgets what died."""
import gc
import threading
import tracemalloc

print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory())
tracemalloc.start(5)


def make(count):
    return [bytes(1000 + i) for i in range(count)]


def mine(snapshot):
    """The lines of this file with more than 10 KB: (line, pieces of memory, KB), the most first."""
    kept = snapshot.filter_traces([tracemalloc.Filter(True, __file__)]).statistics("lineno")
    return [(s.traceback[0].lineno, s.count // 10, s.size // 20000) for s in kept if s.size > 10000]


first = tracemalloc.take_snapshot()
kept = make(100)
dropped = make(200)
print(mine(tracemalloc.take_snapshot()))
del dropped
gc.collect()
second = tracemalloc.take_snapshot()
print(mine(second))
print([(d.traceback[0].lineno, d.count_diff // 10) for d in second.compare_to(first, "lineno")[:1]])

where = tracemalloc.get_object_traceback(kept[5])
print([frame.lineno for frame in where][-2:], where.total_nframe, len(where))
print(tracemalloc.get_object_traceback(5), tracemalloc.get_object_traceback(make), tracemalloc.get_traceback_limit())

size, peak = tracemalloc.get_traced_memory()
print(size > 100_000, peak > 300_000)
large = bytes(1_000_000)
print(tracemalloc.get_traced_memory()[0] - size >= 900_000)
del large
tracemalloc.reset_peak()
size, peak = tracemalloc.get_traced_memory()
print(size < 1_000_000, peak < 1_000_000, tracemalloc.get_tracemalloc_memory() > 1000)


# Threads write into one table, each with its own calls.
class Worker(threading.Thread):
    def run(self):
        self.kept = make(50)
        tracemalloc.get_traced_memory()


workers = [Worker() for _ in range(4)]
for w in workers:
    w.start()
for w in workers:
    w.join()
calls = {tuple(f.lineno for f in tracemalloc.get_object_traceback(w.kept[9])[-2:]) for w in workers}
print(len(calls), mine(tracemalloc.take_snapshot()))

# A buffer that grows in place is one piece of memory.
tracemalloc.clear_traces()
grown = []
for i in range(100_000):
    grown.append(None)
snapshot = tracemalloc.take_snapshot()
print([(line, kb // 20) for line, count, kb in mine(snapshot)])
tracemalloc.stop()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_object_traceback(kept), tracemalloc._get_traces()
      if hasattr(tracemalloc, "_get_traces") else [])
