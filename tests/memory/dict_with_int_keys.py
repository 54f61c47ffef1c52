"""A dict with a million int keys."""
import peak

x = {}
for i in range(1_000_000):
    x[i] = i

peak.report()
