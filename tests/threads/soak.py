"""Mixed work on two threads for a long time, with an eye on memory.

usage: soak.py [SECONDS]   (3600 by default)

Each thread takes one piece of work after the other: objects, exceptions, text, JSON, regular expressions, sorting, classes
made and dropped, generators, files, weak references, short-lived threads, queues shared by both. Every result is checked.
After a tenth of the time the resident size is noted; at the end it must not be much larger. Ends with `1 passed, 0 failed`.
"""

import collections
import gc
import io
import json
import queue
import random
import re
import sys
import tempfile
import threading
import time
import weakref

SHARED_QUEUE = queue.Queue()
SHARED_DICT, SHARED_LIST = {}, []


def objects(rng):
    class Made:
        def __init__(self, value):
            self.value = value

    made = [Made(i) for i in range(1000)]
    for i, o in enumerate(made):
        setattr(o, f"extra{i % 7}", i)
    assert sum(o.value for o in made) == 499500


def exceptions(rng):
    def fail(depth):
        if depth == 0:
            raise ValueError("deep")
        fail(depth - 1)

    for _ in range(50):
        try:
            fail(20)
        except ValueError as e:
            assert e.args == ("deep",)


def text(rng):
    words = [f"word{rng.randrange(1000)}" for _ in range(500)]
    joined = " ".join(words)
    assert joined.split() == words and re.findall(r"word\d+", joined) == words
    assert joined.upper().lower() == joined


def data(rng):
    value = {"numbers": [rng.random() for _ in range(100)], "nested": {str(i): [i] * 3 for i in range(50)}}
    assert json.loads(json.dumps(value)) == value


def sorting(rng):
    values = [rng.randrange(10**9) for _ in range(2000)]
    ordered = sorted(values)
    assert all(a <= b for a, b in zip(ordered, ordered[1:])) and collections.Counter(values) == collections.Counter(ordered)


def generators(rng):
    def tree(n):
        if n:
            yield from tree(n - 1)
            yield n
            yield from tree(n - 1)

    assert sum(1 for _ in tree(9)) == 511


def files(rng):
    with tempfile.TemporaryFile("w+") as f:
        f.writelines(f"line {i}\n" for i in range(500))
        f.seek(0)
        assert len(f.readlines()) == 500
    assert io.BytesIO(bytes(1000)).read() == bytes(1000)


def references(rng):
    class Thing:
        pass

    things = [Thing() for _ in range(100)]
    refs, seen = weakref.WeakSet(things), []
    weakref.finalize(things[0], seen.append, 1)
    assert len(refs) == 100


def threads(rng):
    results = []
    workers = [threading.Thread(target=results.append, args=(i,)) for i in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(results) == [0, 1, 2, 3]


def sharing(rng):
    for i in range(500):
        SHARED_QUEUE.put(i)
        assert SHARED_QUEUE.get() is not None
        SHARED_DICT[rng.randrange(100)] = i
        SHARED_LIST.append(i)
        assert SHARED_LIST.pop() is not None


WORK = [objects, exceptions, text, data, sorting, generators, files, references, threads, sharing]


def resident():
    gc.collect()
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def work(seed, end, counts, failures):
    rng = random.Random(seed)
    try:
        while time.monotonic() < end and not failures:
            piece = rng.choice(WORK)
            piece(rng)
            counts[piece.__name__] += 1
    except BaseException as e:
        failures.append(e)
        raise


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3600
    start, failures = time.monotonic(), []
    counts = [collections.Counter(), collections.Counter()]
    workers = [threading.Thread(target=work, args=(i, start + seconds, counts[i], failures)) for i in range(2)]
    for worker in workers:
        worker.start()
    time.sleep(seconds / 10)
    early = resident()
    for worker in workers:
        worker.join()
    late = resident()
    print(f"{sum(map(sum, (c.values() for c in counts))):,} pieces of work in {seconds:.0f} s; {early // 1024} MB early, {late // 1024} MB at the end")
    grown = late > early * 1.25 + 20_000
    if grown:
        print("memory grew")
    failed = bool(failures or grown)
    print(f"{1 - failed} passed, {failed:d} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
