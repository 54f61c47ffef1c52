# A thread that takes a lock again as soon as it has let go does not keep out one that waits for it.
import threading
import time


def hog(lock, done):
    while not done:
        with lock:
            end = time.perf_counter() + 0.002
            while time.perf_counter() < end:
                pass


for kind in threading.Lock, threading.RLock:
    lock, done = kind(), []
    other = threading.Thread(target=hog, args=(lock, done))
    other.start()
    waits = []
    for _ in range(50):
        time.sleep(0.005)
        start = time.perf_counter()
        with lock:
            waits.append(time.perf_counter() - start)
    done.append(True)
    other.join()
    print(kind is threading.Lock, sum(waits) / len(waits) < 0.05)

# One that waited and went away leaves a lock that anybody can have.
lock, done = threading.Lock(), []
other = threading.Thread(target=hog, args=(lock, done))
other.start()
time.sleep(0.01)
for _ in range(20):
    if lock.acquire(timeout=0.0015):
        lock.release()
done.append(True)
other.join()
print(lock.acquire(False), lock.locked())
lock.release()
print(lock.locked())
try:
    lock.release()
except RuntimeError as e:
    print(e)
