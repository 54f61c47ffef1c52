"""Threads that start interpreters at once, which all import the same native modules for the first time, and end them."""
import threading
from concurrent import interpreters

WORK = """
import _interpchannels, _interpqueues, _interpreters, _signal, _thread, threading
kept = [bytearray(100) for _ in range(2000)]
thread = threading.Thread(target=kept.reverse)
thread.start()
thread.join()
"""
gate = threading.Barrier(3)
done = []


def start(number):
    gate.wait()
    for _ in range(3):
        other = interpreters.create()
        other.exec(WORK)
        done.append(other.call(len, b"abc"))
        other.close()


threads = [threading.Thread(target=start, args=(i,)) for i in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(done, len(interpreters.list_all()))
