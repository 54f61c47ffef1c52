"""A program that switched collections off goes on losing what it drops, as with reference counts."""
# bound: 60 MB
import gc

import peak

gc.disable()
for i in range(4_000_000):
    kept = [i]
    if i % 1000 == 0:
        text = "x" * 100_000
assert not gc.isenabled()
peak.report()
