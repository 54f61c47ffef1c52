"""A million tuples."""
import peak

x = [(i, i) for i in range(1_000_000)]

peak.report()
