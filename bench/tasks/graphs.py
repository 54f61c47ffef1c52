"""Graph search: breadth first, Dijkstra with a heap, A* on a grid, spanning trees, topological order, components."""
import heapq
from collections import defaultdict, deque


def make(nodes):
    graph = defaultdict(list)
    for n in range(nodes):
        for k in (1, 7, 31):
            other = (n * k + k * k + 1) % nodes
            weight = (n * k) % 17 + 1
            graph[n].append((other, weight))
            graph[other].append((n, weight))
    return graph


def distances(graph, start):
    best, queue = {start: 0}, [(0, start)]
    while queue:
        d, node = heapq.heappop(queue)
        if d > best[node]:
            continue
        for other, weight in graph[node]:
            if other not in best or d + weight < best[other]:
                best[other] = d + weight
                heapq.heappush(queue, (d + weight, other))
    return best


def levels(graph, start):
    seen, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for other, _ in graph[node]:
            if other not in seen:
                seen[other] = seen[node] + 1
                queue.append(other)
    return seen


def spanning(graph):
    parent = {n: n for n in graph}

    def root(n):
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    total = 0
    for weight, a, b in sorted((w, a, b) for a in graph for b, w in graph[a]):
        a, b = root(a), root(b)
        if a != b:
            parent[a] = b
            total += weight
    return total


def maze_path(width, height):
    walls = {(x, y) for x in range(width) for y in range(height) if (x * 7 + y * 13) % 5 == 0 and (x + y) % 3}
    goal = width - 1, height - 1
    queue, came, cost = [(0, (0, 0))], {}, {(0, 0): 0}
    while queue:
        _, at = heapq.heappop(queue)
        if at == goal:
            break
        x, y = at
        for step in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= step[0] < width and 0 <= step[1] < height and step not in walls:
                new = cost[at] + 1
                if new < cost.get(step, 1 << 30):
                    cost[step], came[step] = new, at
                    heapq.heappush(queue, (new + abs(goal[0] - step[0]) + abs(goal[1] - step[1]), step))
    return cost.get(goal), len(came)


def order(count):
    needs = {n: {m for m in (n // 2, n // 3) if m != n} for n in range(count)}
    users = defaultdict(set)
    for n, before in needs.items():
        for m in before:
            users[m].add(n)
    ready, done = deque(n for n in needs if not needs[n]), []
    while ready:
        n = ready.popleft()
        done.append(n)
        for user in sorted(users[n]):
            needs[user].discard(n)
            if not needs[user]:
                ready.append(user)
    return sum(i * n for i, n in enumerate(done)) % 1_000_003


def main():
    graph = make(6000)
    best = distances(graph, 0)
    print(len(best), max(best.values()), sum(best.values()))
    print(max(levels(graph, 5).values()), sum(levels(graph, 9).values()))
    print(spanning(graph), maze_path(110, 110), order(20_000))


if __name__ == "__main__":
    main()
