"""A million lists."""
import peak

x = [[i] for i in range(1_000_000)]

peak.report()
