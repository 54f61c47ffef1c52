import threading, queue, time
counter, lock = 0, threading.Lock()
def add(n):
    global counter
    for _ in range(n):
        with lock: counter += 1
ts = [threading.Thread(target=add, args=(2000,), name=f"t{i}") for i in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(counter, [t.name for t in ts], ts[0].is_alive(), threading.current_thread().name,
    threading.main_thread() is threading.current_thread())
shared, d, s = [], {}, set()
def fill(k):
    for i in range(1000):
        shared.append(i)
        d[k, i] = i
        s.add(i)
        d.setdefault(i, k)
ts = [threading.Thread(target=fill, args=(k,)) for k in range(4)]
[t.start() for t in ts]
[t.join() for t in ts]
print(len(shared), len(d), len(s), sum(shared))
q = queue.Queue(maxsize=5); got = []
def consume():
    while (x := q.get()) is not None: got.append(x); q.task_done()
c = threading.Thread(target=consume); c.start()
for i in range(50): q.put(i)
q.join()
q.put(None)
c.join()
print(got == list(range(50)))
local = threading.local()
local.x = "main"
seen = []
def use(): seen.append(hasattr(local, "x")); local.x = "thread"
t = threading.Thread(target=use)
t.start()
t.join()
print(seen, local.x)
e, cond, ready = threading.Event(), threading.Condition(), []
def waiter():
    e.wait()
    with cond:
        cond.wait_for(lambda: ready); seen.append(ready[0])
t = threading.Thread(target=waiter)
t.start()
e.set()
with cond: ready.append("go"); cond.notify_all()
t.join(); print(seen)
b = threading.Barrier(3); order = []
def meet(i): b.wait(); order.append(i)
ts = [threading.Thread(target=meet, args=(i,)) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
print(sorted(order))
r = threading.RLock()
with r:
    with r: print("reentrant")
try:
    r.release()
except RuntimeError as x:
    print(x)
print(lock.acquire(blocking=False), lock.acquire(timeout=0.01), lock.locked()); lock.release()
sem = threading.BoundedSemaphore(1)
sem.acquire()
sem.release()
try:
    sem.release()
except ValueError as x:
    print(x)
caught = []; threading.excepthook = lambda a: caught.append((a.exc_type.__name__, str(a.exc_value)))
t = threading.Thread(target=lambda: 1 / 0)
t.start()
t.join()
print(caught)
tm = threading.Timer(0.001, order.append, ["timer"])
tm.start()
tm.join()
print(order[-1])
