from concurrent.futures import ThreadPoolExecutor, as_completed, wait, Future, TimeoutError, CancelledError
import threading
def work(n):
    if n == 5: raise ValueError(f"bad {n}")
    return sum(range(n * 100))
with ThreadPoolExecutor(4) as ex:
    fs = {ex.submit(work, n): n for n in range(8)}
    results = {}
    for f in as_completed(fs):
        results[fs[f]] = repr(f.exception()) if f.exception() else f.result()
    print(sorted(results.items()))
    print(list(ex.map(lambda a, b: a * b, range(5), range(5, 10))))
    done, pending = wait([ex.submit(pow, 2, k) for k in range(4)])
    print(sorted(f.result() for f in done), pending)
    gate = threading.Event(); f = ex.submit(gate.wait)
    try:
        f.result(timeout=0.01)
    except TimeoutError:
        print("timed out", f.running())
    gate.set(); print(f.result())
try:
    ex.submit(work, 1)
except RuntimeError as e:
    print(e)
f = Future()
f.add_done_callback(lambda f: print("callback", f.result()))
f.set_result(9)
print(f.done(), f.cancel())
f = Future(); print(f.cancel(), f.cancelled())
try:
    f.result()
except CancelledError as e:
    print("cancelled")
