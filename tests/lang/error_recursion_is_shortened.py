import sys

sys.setrecursionlimit(120)


def descend(n):
    return descend(n + 1)


descend(0)
