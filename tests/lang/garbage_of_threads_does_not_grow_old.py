"""What only leftovers on the stacks of running threads refer to does not grow old: full collections stay rare."""
import gc
import threading


def work():
    for i in range(50_000):
        [i] * 4000


before = gc.get_stats()
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
young, _, full = (now["collections"] - then["collections"] for now, then in zip(gc.get_stats(), before))
print(full * 50 <= young)
