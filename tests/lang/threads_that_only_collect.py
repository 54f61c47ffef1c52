# Threads that do nothing but collect garbage do not keep the others from running.

import gc
import threading
import time

begin = time.monotonic()
stopped = False


def collect():
    while not stopped:
        gc.collect()


collectors = [threading.Thread(target=collect) for _ in range(3)]
for thread in collectors:
    thread.start()
total = 0
for i in range(100_000):
    total += i
print(total)
ran = []
for i in range(20):
    thread = threading.Thread(target=ran.append, args=(i,))
    thread.start()
    thread.join()
print(ran == list(range(20)))
stopped = True
for thread in collectors:
    thread.join()
took = time.monotonic() - begin
print("in time" if took < 10 else f"{took:.1f} s")
