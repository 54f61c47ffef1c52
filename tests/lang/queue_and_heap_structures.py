import array, collections, graphlib, queue, heapq

q = queue.Queue(2)
q.put(1); q.put(2)
for f in (lambda: q.put(3, block=False), lambda: q.put(3, timeout=0.01),
    lambda: (q.get(), q.get(), q.get_nowait())):
    try:
        f()
    except (queue.Full, queue.Empty) as e:
        print(type(e).__name__)
p = queue.PriorityQueue()
[p.put(x) for x in ((2, "b"), (1, "a"), (3, "c"))]
print([p.get()[1] for _ in range(3)], p.empty(), p.qsize())
s = queue.LifoQueue()
[s.put(i) for i in range(3)]
print(s.get(), s.get())
sq = queue.SimpleQueue()
sq.put("x"); print(sq.get(), sq.empty())
q.shutdown()
try:
    q.put(1)
except queue.ShutDown as e:
    print(type(e).__name__)
t = graphlib.TopologicalSorter({"d": {"b", "c"}, "b": {"a"}, "c": {"a"}})
t.prepare()
order = []
while t.is_active():
    ready = sorted(t.get_ready())
    order.append(ready)
    t.done(*ready)
print(order, list(graphlib.TopologicalSorter({2: [1], 3: [2]}).static_order()))
try:
    list(graphlib.TopologicalSorter({1: [2], 2: [1]}).static_order())
except graphlib.CycleError as e:
    print(e.args[0], sorted(set(e.args[1])))
d = collections.deque(range(10), 5)
d.rotate(-2)
d.extendleft([9, 8])
print(d, d[2], list(d)[::-1], d.index(9))
d.insert(1, "in") if len(d) < 5 else print("full")
try:
    d.insert(1, "in")
except IndexError as e:
    print(e)
big = collections.deque()
for i in range(100_000): big.append(i); (i % 3 == 0) and big.popleft()
print(len(big), big[0], big[-1], big[len(big) // 2], sum(big))
del big[5]
big.remove(40_000) if 40_000 in big else None
print(len(big), big.copy() == big, bool(collections.deque()))
m = heapq.merge(*[range(i, 30, 7) for i in range(3)], key=lambda x: x); print(list(m))
a = array.array("H", range(5))
a.frombytes(b"\1\0\2\0")
a[1:2] = array.array("H", [7, 8])
print(a, a.buffer_info()[1], memoryview(a)[2], a.tolist() == list(a), array.array("d", a)[1])
