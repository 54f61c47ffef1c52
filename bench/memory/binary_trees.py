"""Allocation: binary trees of several depths made, walked and dropped while one long-lived tree stays."""


def make(depth):
    return (None, None) if depth == 0 else (make(depth - 1), make(depth - 1))


def count(tree):
    left, right = tree
    return 1 if left is None else 1 + count(left) + count(right)


def main():
    depth = 15
    keep = make(depth)
    print(count(make(depth + 1)))
    for d in range(4, depth + 1, 4):
        rounds = 1 << depth - d + 2
        print(rounds, d, sum(count(make(d)) for _ in range(rounds)))
    print(count(keep))


if __name__ == "__main__":
    main()
