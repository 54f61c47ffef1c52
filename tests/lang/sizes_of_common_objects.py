import gc


def resident():
    gc.collect()
    with open("/proc/self/status") as f:
        return int(next(line for line in f if line.startswith("VmRSS")).split()[1]) * 1024


class Small:
    def __init__(self, a, b):
        self.a = a
        self.b = b


def per_item(make, n):
    before = resident()
    kept = make(n)
    used = (resident() - before) / n
    assert kept
    return used


limits = {
    "list of ints": (lambda n: list(range(n)), 48),
    "dict of ints": (lambda n: dict.fromkeys(range(n), 0), 130),
    "small instances": (lambda n: [Small(None, None) for _ in range(n)], 110),
    "tuples": (lambda n: [(None, None) for _ in range(n)], 90),
    "short strings": (lambda n: [chr(65 + i % 26) + str(i) for i in range(n)], 90),
}
for name, (make, limit) in limits.items():
    used = per_item(make, 500_000)
    print(name, "at most", limit, used <= limit or used)
