import heapq
from collections import deque

GRID = """
S.#.....
..#.###.
.##.#...
....#.#.
.####.#.
......#E
""".split()


def find(mark):
    return next((r, c) for r, row in enumerate(GRID) for c, ch in enumerate(row) if ch == mark)


def neighbours(r, c):
    for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        if 0 <= r + dr < len(GRID) and 0 <= c + dc < len(GRID[0]) and GRID[r + dr][c + dc] != "#":
            yield r + dr, c + dc


start, end = find("S"), find("E")
came, queue = {start: None}, deque([start])
while queue:
    here = queue.popleft()
    for there in neighbours(*here):
        if there not in came:
            came[there] = here
            queue.append(there)
path = []
step = end
while step:
    path.append(step)
    step = came[step]
print(len(path) - 1, "steps")
for r, row in enumerate(GRID):
    print("".join("*" if (r, c) in path and ch == "." else ch for c, ch in enumerate(row)))

roads = {"A": {"B": 7, "C": 9, "F": 14}, "B": {"C": 10, "D": 15}, "C": {"D": 11, "F": 2}, "D": {"E": 6},
    "F": {"E": 9}}
graph = {}
for a, ends in roads.items():
    for b, km in ends.items():
        graph.setdefault(a, {})[b] = graph.setdefault(b, {})[a] = km
best, heap = {}, [(0, "A", ())]
while heap:
    km, town, via = heapq.heappop(heap)
    if town not in best:
        best[town] = km, via
        for other, more in graph[town].items():
            heapq.heappush(heap, (km + more, other, (*via, town)))
for town, (km, via) in sorted(best.items()):
    print(town, km, "->".join((*via, town)))
