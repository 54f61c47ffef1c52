import gc


def resident_mb():
    with open("/proc/self/status") as f:
        return int(next(line for line in f if line.startswith("VmRSS")).split()[1]) / 1024


class Node:
    def __init__(self, value):
        self.value = value
        self.other = None


before = resident_mb()
total = 0
for i in range(400_000):
    a, b = Node(i), Node([i, str(i)])
    a.other, b.other = b, a
    total += a.other.value[0]
    if i % 1000 == 0:
        total += len(bytes(100_000))
gc.collect()
print(total, resident_mb() - before < 80)
words = {}
for i in range(300_000):
    words[i % 100] = {"key": (i, i + 1), "text": f"item {i}"}
print(len(words), words[99], resident_mb() - before < 80)


def pairs(n):
    for i in range(n): yield (i, [i])


print(sum(len(l) for _, l in pairs(300_000)), sum(map(len, (str(i) for i in range(300_000)))),
    resident_mb() - before < 80)
