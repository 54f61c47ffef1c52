"""Dicts and sets: counting, grouping, integer and string and tuple keys, iteration, deletion."""


def main():
    counts = {}
    for i in range(400_000):
        key = i * 7919 % 10007
        counts[key] = counts.get(key, 0) + 1
    print(len(counts), sum(counts.values()))
    names = {f"name{i}": i for i in range(20_000)}
    total = 0
    for _ in range(12):
        for name, value in names.items():
            total += value
        for i in range(0, 20_000, 3):
            total -= names["name50"]
    print(total)
    grid = {(x, y): x ^ y for x in range(120) for y in range(120)}
    total = 0
    for x in range(1, 119):
        for y in range(1, 119):
            total += grid[x - 1, y] + grid[x, y + 1]
    print(total)
    groups = {}
    for i in range(200_000):
        groups.setdefault(i % 1000, []).append(i)
    print(len(groups), len(groups[7]))
    evens, thirds = set(range(0, 200_000, 2)), set(range(0, 200_000, 3))
    print(len(evens & thirds), len(evens | thirds), len(evens ^ thirds), sum(1 for i in range(200_000) if i in evens))
    for i in range(0, 20_000, 2):
        del names[f"name{i}"]
    print(len(names), "name1" in names, "name2" in names)


if __name__ == "__main__":
    main()
