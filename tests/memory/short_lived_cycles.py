"""20 GB of short-lived objects, cycles among them, stay small."""
# bound: 80 MB
import peak

allocated = 0
while allocated < 20 * 2**30:
    a = [0] * 1000
    b = {"a": a}
    a[0] = b
    for i in range(100):
        c = (i, [i])
    allocated += 8056 + 232 + 100 * (56 + 64)

peak.report()
