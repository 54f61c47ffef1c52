"""Tables of half a megabyte to two that each die at once, while sixty thousand tuples live."""
import peak

pairs = [(n, n + 1) for n in range(60_000)]
evens, thirds, squares = set(range(0, 40_000, 2)), set(range(0, 40_000, 3)), {n * n for n in range(200)}
for _ in range(100):
    sizes = [len(evens & thirds), len(evens | thirds), len(evens - thirds), len(evens ^ squares)]

peak.report()
