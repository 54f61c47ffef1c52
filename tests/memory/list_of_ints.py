"""A list of a million ints."""
import peak

x = []
for i in range(1_000_000):
    x.append(i)

peak.report()
