"""A million strings."""
import peak

x = [str(i) for i in range(1_000_000)]

peak.report()
