"""A dict with a million str keys."""
import peak

x = {}
for i in range(1_000_000):
    x[str(i)] = i

peak.report()
