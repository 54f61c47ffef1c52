"""Closing an interpreter whose daemon threads run, wait and sleep neither crashes nor waits for them.

CPython gives up the process at that point (see its Py_EndInterpreter): there the threads are told to end.
"""
import _interpreters
import sys
import time

THREADS = '''
import queue, threading, time, os
ended = {told_to_end}
def loop():
    n = 0
    while not ended.is_set():
        try:
            n += 1
            x = [n] * 10
        except BaseException:
            pass
def allocate():
    kept = []
    while not ended.is_set():
        kept.append({{"a": [1, 2, 3]}})
        if len(kept) > 1000: kept.clear()
def sleep():
    while not ended.is_set(): time.sleep(0.01 if {short} else 1000)
def wait():
    lock = threading.Lock(); lock.acquire()
    while not ended.is_set(): lock.acquire(timeout=0.01 if {short} else 1000)
def get():
    q = queue.SimpleQueue()
    while not ended.is_set():
        try: q.get(timeout=0.01 if {short} else 1000)
        except queue.Empty: pass
def read():
    r, w = os.pipe()
    if {short}: os.close(w)
    os.read(r, 1)
    if not {short}: print("not reached")
threads = [threading.Thread(target=f, daemon=True) for f in (loop, allocate, sleep, wait, get, read) for _ in range(2)]
for t in threads: t.start()
'''

krait = sys.implementation.name == 'krait'
for _ in range(3):
    id = _interpreters.create('legacy')
    script = THREADS.format(told_to_end='threading.Event()', short=not krait)
    assert _interpreters.run_string(id, script) is None
    time.sleep(0.05)
    if not krait:
        assert _interpreters.run_string(id, 'ended.set()\nfor t in threads: t.join()') is None
    start = time.monotonic()
    _interpreters.destroy(id)
    print('closed', time.monotonic() - start < 10)
print(_interpreters.list_all())
