# A thread that stores and then looks whether another one has stored, while that one does the same: one of them must see it.

import sys
import threading
import time


class Slotted:
    __slots__ = ("a",)


class Plain:
    pass


def variables_of_a_closure():
    x = y = 0

    def left():
        nonlocal x
        x = 1
        return y

    def right():
        nonlocal y
        y = 1
        return x

    def reset():
        nonlocal x, y
        x = y = 0

    return left, right, reset


def attributes(cls):
    p, q = cls(), cls()

    def left():
        p.a = 1
        return q.a

    def right():
        q.a = 1
        return p.a

    def reset():
        p.a = q.a = 0

    return left, right, reset


def attributes_by_name():
    p, q = Slotted(), Slotted()

    def left():
        setattr(p, "a", 1)
        return getattr(q, "a")

    def right():
        setattr(q, "a", 1)
        return getattr(p, "a")

    def reset():
        setattr(p, "a", 0)
        setattr(q, "a", 0)

    return left, right, reset


def items():
    both = [0, 0]

    def left():
        both[0] = 1
        return both[1]

    def right():
        both[1] = 1
        return both[0]

    def reset():
        both[0] = both[1] = 0

    return left, right, reset


def missed_by_both(left, right, reset, rounds=5000, seconds=0.5):
    """How often neither saw what the other had stored, in so many rounds or as many as there is time for."""
    at = [0, 0]
    seen = [[], []]
    end = time.monotonic() + seconds
    stopped = False

    def run(me, look):
        nonlocal stopped
        for i in range(1, rounds):
            if me == 0:
                reset()
                stopped = time.monotonic() > end
            at[me] = 2 * i
            while at[1 - me] < 2 * i:
                pass
            if stopped:
                break
            seen[me].append(look())
            at[me] = 2 * i + 1
            while at[1 - me] < 2 * i + 1:
                pass

    threads = [threading.Thread(target=run, args=arguments) for arguments in ((0, left), (1, right))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(a == b == 0 for a, b in zip(*seen, strict=True))


sys.setswitchinterval(1e-5)
print("closure:", missed_by_both(*variables_of_a_closure()))
print("slots:", missed_by_both(*attributes(Slotted)))
print("slots by name:", missed_by_both(*attributes_by_name()))
print("instances:", missed_by_both(*attributes(Plain)))
print("items:", missed_by_both(*items()))
