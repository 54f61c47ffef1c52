"""Tuples: packing, unpacking, swaps, starred targets, keys, comparison, zip, nested records, multiple results."""


def bounds(points):
    (low_x, low_y), (high_x, high_y) = points[0], points[0]
    for x, y in points:
        low_x, high_x = (x, high_x) if x < low_x else (low_x, x if x > high_x else high_x)
        low_y, high_y = (y, high_y) if y < low_y else (low_y, y if y > high_y else high_y)
    return (low_x, low_y), (high_x, high_y)


def turn(point):
    x, y = point
    return -y, x


def main():
    points = [(n * 37 % 1009, n * 53 % 997) for n in range(60_000)]
    print(bounds(points))
    point, total = (3, 4), 0
    for n in range(200_000):
        point = turn(point)
        a, b = point
        a, b = b, a + n
        total += a ^ b
    print(point, total)
    rows = [(n % 5, (n % 7, f"r{n % 11}"), n / 2) for n in range(50_000)]
    print(sum(kind * inner for kind, (inner, _), _ in rows), max(rows), rows.count(rows[0]))
    first, *middle, last = rows
    print(first, len(middle), last)
    total = 0
    for head, *tail in rows:
        total += head + len(tail)
    print(total, sum(p < q for p, q in zip(points, points[1:])), sum(p == q for p, q in zip(rows, rows[385:])))
    seen = {}
    for x, y in points:
        key = x % 40, y % 40
        seen[key] = seen.get(key, ()) + (x,) if len(seen.get(key, ())) < 6 else (x,)
    print(len(seen), len(seen[1, 1]), hash((1, (2, 3))) == hash((1, (2, 3))))
    xs, ys = zip(*points)
    print(sum(xs), sum(ys), (1, 2) + (3,) * 4, xs[10:14], 5 in xs, xs.index(1000))
    print(sorted(set(rows))[:2], sum(map(len, zip(xs, ys, xs))))


if __name__ == "__main__":
    main()
