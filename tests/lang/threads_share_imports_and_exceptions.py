import importlib
import os
import sys
import tempfile
import threading

with tempfile.TemporaryDirectory() as d:
    with open(os.path.join(d, "slow_module.py"), "w") as f:
        f.write("import time\nloads = globals().get('loads', 0) + 1\ntime.sleep(0.05)\nready = True\n")
    sys.path.insert(0, d)
    results = []
    start = threading.Barrier(4)

    def importer():
        start.wait()
        import slow_module
        results.append((slow_module.ready, slow_module.loads))

    threads = [threading.Thread(target=importer) for _ in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
    print(results)

outcomes = []


def fails(n):
    try:
        try:
            if n % 2: raise KeyError(n)
            [][n]
        except LookupError as e:
            raise ValueError(n) from e
    except ValueError as e:
        outcomes.append((n, type(e.__cause__).__name__, sys.exc_info()[1] is e))
    assert sys.exc_info() == (None, None, None)


threads = [threading.Thread(target=fails, args=(n,)) for n in range(6)]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(outcomes))


def generator():
    for i in range(200): yield i


shared, got, clashes = generator(), [], []


def drain():
    while True:
        try:
            got.append(next(shared))
        except StopIteration:
            return
        except ValueError as e:
            clashes.append(str(e))


threads = [threading.Thread(target=drain) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(got) == list(range(200)), set(clashes) <= {"generator already executing"})
once = []


class Lazy:
    @property
    def value(self):
        with lock:
            if not once: once.append(threading.get_ident())
            return once[0]


lock = threading.Lock()
lazy = Lazy()
values = []
threads = [threading.Thread(target=lambda: values.append(lazy.value)) for _ in range(5)]
for t in threads: t.start()
for t in threads: t.join()
print(len(set(values)), len(once), threading.active_count(), [t.is_alive() for t in threads])
print(sys._current_frames().keys() == {threading.get_ident()}, threading.stack_size() >= 0,
    threading.get_native_id() > 0, len(threading.enumerate()))
try:
    threads[0].start()
except RuntimeError as e:
    print(e)
try:
    threading.current_thread().join()
except RuntimeError as e:
    print(e)
try:
    threading.Thread(target=print).join()
except RuntimeError as e:
    print(e)
