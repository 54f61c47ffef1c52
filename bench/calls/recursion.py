"""Recursion: Ackermann, Takeuchi, Hanoi, mutual recursion, permutations by backtracking."""


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def tak(x, y, z):
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def hanoi(discs, source, target, spare, moves):
    if discs:
        hanoi(discs - 1, source, spare, target, moves)
        moves[source, target] = moves.get((source, target), 0) + 1
        hanoi(discs - 1, spare, target, source, moves)


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def permutations(items, at=0):
    if at == len(items):
        return 1 if items[0] < items[-1] else 0
    found = 0
    for i in range(at, len(items)):
        items[at], items[i] = items[i], items[at]
        found += permutations(items, at + 1)
        items[at], items[i] = items[i], items[at]
    return found


def main():
    print(ackermann(2, 250))
    print(tak(18, 12, 6))
    moves = {}
    hanoi(17, "left", "right", "middle", moves)
    print(sorted(moves.items()))
    print(sum(is_even(n) for n in range(700)))
    print(permutations(list(range(8))))


if __name__ == "__main__":
    main()
