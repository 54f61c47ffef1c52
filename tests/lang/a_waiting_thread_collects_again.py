# A thread waits for what happens when an object dies, which another thread still refers to when the first one first looks for
# garbage: it looks again once the other has gone on, whatever that one does then.
import _queue
import threading
import time


def sees_death(waits, of_other):
    queue = _queue.SimpleQueue()
    lock = threading.Lock()
    lock.acquire()

    class Noticed:
        def __del__(self):
            lock.release()
            queue.put("died")

    def other(given):
        noticed = given.pop()
        time.sleep(0.5)
        del noticed
        of_other()

    threading.Thread(target=other, args=([Noticed()],), daemon=True).start()
    return waits(lock, queue)


def in_lock(lock, queue):
    return lock.acquire(timeout=50)


def in_queue(lock, queue):
    return queue.get(timeout=50)


def ends():
    pass


def sleeps():
    time.sleep(100)


def waits_for_lock():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


for waits in in_lock, in_queue:
    for of_other in ends, sleeps, waits_for_lock:
        print(waits.__name__, of_other.__name__, sees_death(waits, of_other))
