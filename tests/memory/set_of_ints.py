"""A set of a million ints."""
import peak

x = {i for i in range(1_000_000)}

peak.report()
