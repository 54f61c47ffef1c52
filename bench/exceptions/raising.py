"""Exceptions: raising and catching near and far, else and finally, context managers, lookups that fail."""


class Problem(Exception):
    pass


def risky(i):
    if i % 3 == 0:
        raise Problem(i)
    return i


def deep(i, depth):
    if depth:
        return deep(i, depth - 1)
    return risky(i)


class Guard:
    def __init__(self):
        self.entered = self.failed = 0

    def __enter__(self):
        self.entered += 1
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            self.failed += 1
        return kind is Problem


def main():
    caught = fine = cleaned = 0
    for i in range(250_000):
        try:
            fine += risky(i) & 1
        except Problem as e:
            caught += e.args[0] & 1
        else:
            fine += 1
        finally:
            cleaned += 1
    print(caught, fine, cleaned)
    missing = 0
    table = {i: i for i in range(0, 1000, 2)}
    for i in range(250_000):
        try:
            table[i % 1000]
        except KeyError:
            missing += 1
    print(missing)
    far = 0
    for i in range(250_000):
        try:
            deep(i, 8)
        except (ValueError, Problem):
            far += 1
    print(far)
    guard = Guard()
    for i in range(150_000):
        with guard:
            risky(i)
    print(guard.entered, guard.failed)


if __name__ == "__main__":
    main()
