# One thread works while all others wait, until one of them goes on or starts: nothing that they do to what they share is lost.
import collections
import threading
import time


class Record:
    pass


numbers, table, seen, queue, record = [], {}, set(), collections.deque(), Record()
counts = collections.Counter()
lock = threading.Lock()


def work(who, turns):
    for turn in range(turns):
        key = (who, turn)
        numbers.append(key)
        table[key] = turn
        table[str(key)] = turn
        seen.add(key)
        queue.append(key)
        setattr(record, f"of_{who}_{turn % 50}", turn)
        with lock:
            counts["turns"] += 1


def sleeper(who, naps):
    for nap in range(naps):
        time.sleep(0.003)
        work(f"{who}{nap}", 20)


def waiter(who, gate):
    gate.acquire()
    work(who, 2000)


sleepers = [threading.Thread(target=sleeper, args=(name, 60)) for name in ("a", "b")]
gate = threading.Lock()
gate.acquire()
waiting = threading.Thread(target=waiter, args=("waiter", gate))
for thread in *sleepers, waiting:
    thread.start()
began, rounds = time.monotonic(), 0
while time.monotonic() - began < 0.4:
    work(f"main{rounds}", 100)
    rounds += 1
gate.release()
work("more", 2000)
for thread in *sleepers, waiting:
    thread.join()
expected = rounds * 100 + 2 * 60 * 20 + 2000 + 2000
print(all(size == expected for size in (len(numbers), len(table) // 2, len(seen), len(queue), counts["turns"])))
print(set(numbers) == seen == set(queue), sum(name.startswith("of_") for name in vars(record)) == (rounds + 2) * 50 + 2 * 60 * 20)
