import heapq, bisect, random
r = random.Random(1); data = [r.randrange(1000) for _ in range(200)]
h = []
[heapq.heappush(h, x) for x in data]
print([heapq.heappop(h) for _ in range(200)] == sorted(data))
h = data[:]
heapq.heapify(h)
print(h[0], heapq.heappushpop(h, -1), heapq.heapreplace(h, 5), heapq.nlargest(3, data),
    heapq.nsmallest(3, data, key=lambda x: -x), list(heapq.merge([1, 4], [2, 3], [0, 9])),
    list(heapq.merge("ca", "db", reverse=True)))
m = [5, 1, 8]
heapq.heapify_max(m)
print(heapq.heappop_max(m), m[0])
a = [1, 3, 3, 5]
print(bisect.bisect(a, 3), bisect.bisect_left(a, 3), bisect.bisect_right(a, 0), bisect.bisect(a, 9),
    bisect.bisect_left([(1, "b"), (2, "a")], 2, key=lambda p: p[0]))
bisect.insort(a, 4)
bisect.insort_left(a, 3)
print(a, [bisect.bisect([60, 70, 80, 90], s) for s in (33, 99, 77, 70)])
tasks = [(3, "low"), (1, "high"), (2, "mid")]
heapq.heapify(tasks)
print([heapq.heappop(tasks)[1] for _ in range(3)])
for code in ("heapq.heappop([])", "heapq.heapify((1,))", "bisect.bisect([1], 'a')",
    "bisect.bisect([1], 1, -1)", "heapq.heappush([1], 'a')"):
    try:
        print(eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
