"""Generators used as coroutines: send, throw, close, a state machine, cooperative tasks, same-fringe, backtracking."""
from collections import deque


def parser():
    """Words out of characters sent one at a time."""
    words, word = [], ""
    while True:
        c = yield len(words)
        if c is None:
            return words
        if c.isspace():
            if word:
                words.append(word)
            word = ""
        else:
            word += c


def resilient():
    failures = total = 0
    while True:
        try:
            total += yield failures, total
        except ValueError:
            failures += 1
        except GeneratorExit:
            return


def task(name, steps, log):
    for n in range(steps):
        other = yield name
        log.append((name, other))
    return steps


def schedule(tasks):
    ready, last, done = deque(tasks), None, 0
    for t in tasks:
        next(t)
    while ready:
        t = ready.popleft()
        try:
            last = t.send(last)
            ready.append(t)
        except StopIteration as e:
            done += e.value
    return done


def fringe(tree):
    if isinstance(tree, tuple):
        for child in tree:
            yield from fringe(child)
    else:
        yield tree


def queens(n, row=0, columns=(), up=(), down=()):
    if row == n:
        yield columns
    for c in range(n):
        if c not in columns and row + c not in up and row - c not in down:
            yield from queens(n, row + 1, columns + (c,), up + (row + c,), down + (row - c,))


def build(depth, n=1):
    return n if depth == 0 else (build(depth - 1, n * 2), build(depth - 1, n * 2 + 1))


def main():
    machine = parser()
    next(machine)
    for c in "the quick brown fox jumps " * 6000:
        count = machine.send(c)
    print(count)
    unit = resilient()
    next(unit)
    for n in range(150_000):
        state = unit.throw(ValueError) if n % 4 == 0 else unit.send(n)
    unit.close()
    print(state)
    log = []
    print(schedule([task(n, n % 50 + 1, log) for n in range(2500)]), len(log))
    tree = build(15)
    print(sum(fringe(tree)), all(a == b for a, b in zip(fringe(tree), fringe((tree[0], tree[1])))))
    print(sum(1 for _ in queens(8)), next(queens(8)))


if __name__ == "__main__":
    main()
