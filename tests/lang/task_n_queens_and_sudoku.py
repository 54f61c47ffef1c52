def queens(n, placed=()):
    row = len(placed)
    if row == n:
        yield placed
        return
    for col in range(n):
        if all(col != c and abs(col - c) != row - r for r, c in enumerate(placed)):
            yield from queens(n, placed + (col,))


print([sum(1 for _ in queens(n)) for n in range(1, 8)], next(queens(8)))

PUZZLE = """
53..7.... 6..195... .98....6. 8...6...3 4..8.3..1 7...2...6 .6....28. ...419..5 ....8..79
""".split()
grid = [[int(ch) if ch != "." else 0 for ch in row] for row in PUZZLE]


def options(r, c):
    used = set(grid[r]) | {row[c] for row in grid}
    used |= {grid[r // 3 * 3 + i][c // 3 * 3 + j] for i in range(3) for j in range(3)}
    return set(range(1, 10)) - used


def solve():
    empty = [(len(options(r, c)), r, c) for r in range(9) for c in range(9) if not grid[r][c]]
    if not empty:
        return True
    _, r, c = min(empty)
    for value in sorted(options(r, c)):
        grid[r][c] = value
        if solve():
            return True
    grid[r][c] = 0
    return False


print(solve())
for row in grid:
    print(*row)
