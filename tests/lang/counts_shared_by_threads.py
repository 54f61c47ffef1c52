"""Threads that share a count() get each number once, of whatever kind it is."""
import itertools, threading
for start, step in ((0, 1), (2**62, 1), (0.5, 0.5), (2**61-2000, 1)):
    c = itertools.count(start, step); got = [[] for _ in range(4)]
    def w(l):
        for _ in range(3000): l.append(next(c))
    ts = [threading.Thread(target=w, args=(l,)) for l in got]
    for x in ts: x.start()
    for x in ts: x.join()
    flat = [v for l in got for v in l]
    print(start, len(flat), len(set(flat)))
