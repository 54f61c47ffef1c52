import gc
import sys

keep = [object() for _ in range(1000)]
total = 0
for round_ in range(40):
    junk = []
    for i in range(5000):
        node = {"i": i, "list": [i] * 5}
        node["self"] = node
        junk.append(node)
    total += len(junk)
    text = "".join(str(i) for i in range(2000))
    total += len(text)
big = [bytes(1_000_000) for _ in range(20)]
for _ in range(200):
    big[_ % 20] = bytes(1_000_000)
print(total, len(keep), sum(map(len, big)))
del junk, node, big
gc.collect()
with open("/proc/self/status") as f:
    peak = int(next(line for line in f if line.startswith("VmHWM")).split()[1]) / 1024
print("peak below 400 MB:", peak < 400)
l = list(range(1_000_000))
d = dict.fromkeys(range(200_000))
print(sys.getsizeof(l) < 9_000_000, len(d), sum(l))
try:
    [0] * (1 << 60)
except MemoryError:
    print("MemoryError")
try:
    "x" * (1 << 62)
except (MemoryError, OverflowError) as e:
    print(type(e).__name__ in ("MemoryError", "OverflowError"))
try:
    bytearray(1 << 62)
except (MemoryError, OverflowError):
    print("too large")
s = ""
for i in range(200_000):
    s += "ab"
print(len(s), s[-3:], s.count("ba"))
