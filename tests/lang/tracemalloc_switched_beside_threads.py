"""Threads allocate and ask what was allocated while another switches tracing on and off."""
import threading
import tracemalloc


def allocate():
    for i in range(100):
        kept = [bytes(100) for _ in range(300)]
        if i % 30 == 0:
            tracemalloc.get_traced_memory()


def switch():
    for i in range(60):
        tracemalloc.start(3)
        tracemalloc.clear_traces()
        tracemalloc.stop()


def ask():
    for _ in range(30):
        try:
            tracemalloc.take_snapshot()
        except RuntimeError:  # it is off
            pass
        tracemalloc.get_object_traceback([])


threads = [threading.Thread(target=f) for f in (allocate, allocate, switch, ask)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory())
