"""Comprehensions: lists, sets and dicts, nested and filtered, over grids and strings; walrus; conditional values."""


def life(grid):
    height, width = len(grid), len(grid[0])
    return [[1 if (s := sum(grid[(y + dy) % height][(x + dx) % width] for dy in (-1, 0, 1) for dx in (-1, 0, 1))
                   - grid[y][x]) == 3 or (s == 2 and grid[y][x]) else 0
             for x in range(width)] for y in range(height)]


def main():
    print(sum([n * n for n in range(300_000) if n % 3]))
    print(len({n * n % 9973 for n in range(150_000)}), sum({n: n % 7 for n in range(100_000)}.values()))
    pairs = [(a, b) for a in range(250) for b in range(a, 250) if (a * b) % 17 == 1]
    print(len(pairs), pairs[-1])
    grid = [[(x * y + x) % 3 == 0 for x in range(40)] for y in range(40)]
    for _ in range(9):
        grid = life(grid)
    print(sum(sum(row) for row in grid))
    words = "the rain in spain falls mainly on the plain and the train".split() * 400
    print(sorted({w: len(w) for w in words if (n := len(w)) > 3}.items()), [w[::-1] for w in words][:3])
    flat = [cell for row in [[n + m for m in range(20)] for n in range(3000)] for cell in row]
    print(len(flat), sum("fizzbuzz" == ("fizz" if n % 3 == 0 else "") + ("buzz" if n % 5 == 0 else "") for n in flat))
    columns = {key: [row[key] for row in [{"a": n, "b": n * 2} for n in range(20_000)]] for key in ("a", "b")}
    print(sum(columns["a"]), sum(columns["b"]))
    print([[row[i] for row in [[1, 2], [3, 4], [5, 6]]] for i in range(2)], "".join([c.upper() for c in "abc" * 9]))


if __name__ == "__main__":
    main()
