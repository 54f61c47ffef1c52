"""What threads do, one kernel per function, run by run.py.

A kernel is a function that makes what its threads need and returns the work of one thread, `work(n)`: n units. Kernels
in SHARED let all threads have the same objects; in the others each thread has its own.
"""

import collections
import queue
import sys
import threading


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm(self):
        return self.x + self.y


SHARED_POINT = Point(1, 2)
SHARED_DICT = {f"key{i}": i for i in range(100)}
SHARED_LIST = list(range(100))
CONSTANT = "a string that everybody reads"


def identity(x):
    return x


def calls():
    def work(n):
        def local(x):
            return x

        for i in range(n):
            local(i)

    return work


def shared_function():
    def work(n):
        for i in range(n):
            identity(i)

    return work


def attribute_access():
    def work(n):
        p = Point(1, 2)
        for i in range(n):
            p.x + p.y

    return work


def shared_object_reads():
    def work(n):
        p = SHARED_POINT
        for i in range(n):
            p.x + p.y

    return work


def shared_method_calls():
    def work(n):
        p = SHARED_POINT
        for i in range(n):
            p.norm()

    return work


def shared_dict_reads():
    def work(n):
        d = SHARED_DICT
        for i in range(n):
            d["key7"]

    return work


def shared_list_reads():
    def work(n):
        items = SHARED_LIST
        for i in range(n):
            items[7]

    return work


def shared_constant():
    def work(n):
        for i in range(n):
            len(CONSTANT)
            CONSTANT == "something else"

    return work


def allocation():
    def work(n):
        for i in range(n):
            [i, i]

    return work


def objects():
    def work(n):
        for i in range(n):
            Point(i, i)

    return work


def attribute_writes():
    def work(n):
        p = Point(1, 2)
        for i in range(n):
            p.x = i

    return work


def thread_local_objects():
    local = threading.local()

    def work(n):
        local.value = 0
        for i in range(n):
            local.value

    return work


def private_dict_writes():
    def work(n):
        d = {}
        for i in range(n):
            d[i & 63] = i

    return work


def private_list_writes():
    def work(n):
        items = [0] * 64
        for i in range(n):
            items[i & 63] = i

    return work


def private_list_appends():
    def work(n):
        items = []
        for i in range(n):
            items.append(i)
            if len(items) == 1000:
                items.clear()

    return work


def exceptions():
    def work(n):
        for i in range(n):
            try:
                raise ValueError(i)
            except ValueError:
                pass

    return work


def generators():
    def numbers(n):
        for i in range(n):
            yield i

    def work(n):
        for i in numbers(n):
            pass

    return work


def closures():
    def work(n):
        for i in range(n):
            (lambda: i)()

    return work


def floats():
    def work(n):
        x = 0.5
        for i in range(n):
            x = x * 1.0000001 + 0.25

    return work


def strings():
    def work(n):
        for i in range(n):
            f"{i} and {i}"

    return work


def imports():
    def work(n):
        for i in range(n):
            import collections.abc

    return work


def lock_hand_over():
    lock = threading.Lock()

    def work(n):
        for i in range(n):
            with lock:
                pass

    return work


def queue_throughput():
    q = queue.SimpleQueue()

    def work(n):
        for i in range(n):
            q.put(i)
            q.get()

    return work


def contended_dict_writes():
    d = {}

    def work(n):
        for i in range(n):
            d[i & 63] = i

    return work


def contended_list_appends():
    items = []

    def work(n):
        for i in range(n):
            items.append(i)
        items.clear()

    return work


def contended_attribute_writes():
    p = Point(1, 2)

    def work(n):
        for i in range(n):
            p.x = i

    return work


def contended_set_writes():
    s = set()

    def work(n):
        for i in range(n):
            s.add((i & 63) * 5)
            s.discard((i + 1 & 63) * 5)

    return work


def contended_deque():
    d = collections.deque()

    def work(n):
        for i in range(n):
            d.append(i)
            d.popleft()

    return work


CONTENDED = {lock_hand_over, queue_throughput, contended_dict_writes, contended_list_appends, contended_attribute_writes,
             contended_set_writes, contended_deque}
KERNELS = {name: function for name, function in list(globals().items())
           if callable(function) and getattr(function, "__module__", None) == __name__
           and not isinstance(function, type) and name != "identity"}


def measure(name, threads, n):
    """Seconds from the first start to the last end, and seconds of processor time, of `threads` threads doing n units each."""
    import time

    work = KERNELS[name]()
    work(1000)
    ready, times = [], []

    def run():
        work(1000)
        ready.append(1)
        while len(ready) < threads:
            pass
        start, processor = time.perf_counter(), time.thread_time()
        work(n)
        times.append((start, time.perf_counter(), time.thread_time() - processor))

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return max(end for _, end, _ in times) - min(start for start, _, _ in times), sum(p for *_, p in times)


def measure_alone(name, n):
    """Seconds for n units, of the main thread while there is no other."""
    import time

    work = KERNELS[name]()
    work(1000)
    start = time.perf_counter()
    work(n)
    return time.perf_counter() - start


def main():
    """usage: kernels.py NAME [SECONDS ROUNDS]: prints units per second with one thread (which the main one waits for, as for two), with
    two, and with two per second of processor time, and with no thread but the main one; the best of some rounds that take turns."""
    name = sys.argv[1]
    target, rounds = (float(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 3 else (0.1, 7)
    n = 1000
    while (seconds := measure(name, 1, n)[0]) < target / 2:
        n *= 2
    n = max(1, int(n * target / seconds))
    one = two = processor = processor_one = alone = 0
    for _ in range(rounds):
        wall, spent = measure(name, 1, n)
        one, processor_one = max(one, n / wall), max(processor_one, n / spent)
        wall, spent = measure(name, 2, n)
        two, processor = max(two, 2 * n / wall), max(processor, 4 * n / spent)
        alone = max(alone, n / measure_alone(name, n))
    print(one, two, processor / processor_one, alone)


if __name__ == "__main__":
    main()
