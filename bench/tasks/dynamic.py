"""Dynamic programming: knapsack, longest common subsequence, coin change, matrix chains, partitions, line breaking."""


def knapsack(items, capacity):
    best = [0] * (capacity + 1)
    for weight, value in items:
        for room in range(capacity, weight - 1, -1):
            with_it = best[room - weight] + value
            if with_it > best[room]:
                best[room] = with_it
    return best[capacity]


def common(a, b):
    rows = [[0] * (len(b) + 1)]
    for x in a:
        above, row = rows[-1], [0]
        for j, y in enumerate(b):
            row.append(above[j] + 1 if x == y else max(above[j + 1], row[j]))
        rows.append(row)
    out, i, j = [], len(a), len(b)
    while i and j:
        if a[i - 1] == b[j - 1]:
            out.append(a[i - 1])
            i, j = i - 1, j - 1
        elif rows[i - 1][j] >= rows[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return "".join(reversed(out))


def ways(coins, amount):
    table = [1] + [0] * amount
    for coin in coins:
        for total in range(coin, amount + 1):
            table[total] += table[total - coin]
    return table[amount]


def chain(sizes):
    n = len(sizes) - 1
    cost = {(i, i): 0 for i in range(n)}
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            cost[i, j] = min(cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j))
    return cost[0, n - 1]


def break_lines(lengths, width):
    n = len(lengths)
    best = [0] + [float("inf")] * n
    for end in range(1, n + 1):
        used = -1
        for start in range(end - 1, -1, -1):
            used += lengths[start] + 1
            if used > width:
                break
            cost = best[start] + (width - used) ** 3
            if cost < best[end]:
                best[end] = cost
    return best[n]


def main():
    print(knapsack([(n % 23 + 3, n * 37 % 101 + 1) for n in range(150)], 1500))
    a, b = "ACGTTGCATGAC" * 32, "TGCATGCCGATA" * 32
    found = common(a, b)
    print(len(found), found[:40])
    print(ways([1, 2, 5, 10, 20, 50, 100, 200], 25_000))
    print(chain([n * 31 % 47 + 5 for n in range(75)]))
    print(break_lines([n * 7 % 11 + 1 for n in range(7000)], 72))


if __name__ == "__main__":
    main()
