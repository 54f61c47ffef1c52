"""A fork beside threads warns in the parent; in the child the others are not there, and not alive."""
import os
import threading
import time
import warnings

warnings.simplefilter("always")


def in_child(function):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pid = os.fork()
        if pid == 0:
            os._exit(function())
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status, [str(w.message).replace(str(os.getpid()), "PID") for w in caught]


print(in_child(lambda: threading.active_count()))

go = threading.Event()
threads = [threading.Thread(target=go.wait, daemon=d) for d in (True, False, True)]
for t in threads:
    t.start()
print(in_child(lambda: threading.active_count() * 10 + sum(t.is_alive() for t in threads)))
print([t.is_alive() for t in threads])
go.set()
for t in threads:
    t.join()

for _ in range(20):
    t = threading.Thread(target=lambda: None)
    t.start()
    assert in_child(lambda: t.is_alive())[0] == 0
    t.join()

result = []
t = threading.Thread(target=lambda: result.append(in_child(
    lambda: 10 * (threading.main_thread() is threading.current_thread()) + threading.active_count())))
t.start()
t.join()
print(result)
