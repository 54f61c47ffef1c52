# What a generator has made and holds, another thread gets by resuming it: from then on both write to it at once, and nothing is lost.

import gc
import queue
import sys
import threading
import types

ROUNDS, WRITES = 20, 300
published = []


def renew():
    """Whoever looks at the frames of all threads may come by all that they have made so far, but not by what they make from now on."""
    sys._current_frames()


def give(make):
    yield
    made = make()
    while True:
        yield made


def give_after_a_look(make):
    yield
    renew()
    made = make()
    while True:
        yield made


def give_in_a_loop(make):
    yield
    renew()
    for made in iter(make, None):
        while True:
            yield made


def give_by_delegate(make):
    yield from give_after_a_look(make)


def give_by_two_delegates(make):
    renew()
    yield from give_by_delegate(make)


@types.coroutine
def waits(value):
    return (yield value)


async def give_by_coroutine(make):
    await waits(None)
    renew()
    made = make()
    while True:
        await waits(made)


def give_with_handler(make):
    yield
    renew()
    made = make()
    while True:
        try:
            yield made
        finally:
            pass


class Holder:
    pass


def write_attribute(made, who, i):
    setattr(made, f"{who}{i}", i)


def write_item(made, who, i):
    made[who, i] = i


KINDS = [
    (list, lambda made, who, i: made.append(i), len),
    (dict, write_item, len),
    (set, lambda made, who, i: made.add((who, i)), len),
    (bytearray, lambda made, who, i: made.append(i & 255), len),
    (Holder, write_attribute, lambda made: len(made.__dict__)),
]


def step(generator):
    return generator.send(None)


def other(write, to_other, from_other):
    while (generator := to_other.get()) is not None:
        made = step(generator)
        started.append(True)
        for i in range(WRITES):
            write(made, "other", i)
        made = generator = None
        from_other.put(None)


def resume_in_turn(way, make, write, count, to_other, from_other):
    generator = way(make)
    published.append(generator)
    step(generator)
    made = step(generator)
    started.clear()
    to_other.put(generator)
    while not started:
        pass
    for i in range(WRITES):
        write(made, "maker", i)
    from_other.get()
    published.clear()
    # The other thread suspended it last: what it holds by now may be private to that one.
    assert step(generator) is made
    return count(made)


started = []
for make, write, count in KINDS:
    to_other, from_other = queue.SimpleQueue(), queue.SimpleQueue()
    thread = threading.Thread(target=other, args=(write, to_other, from_other))
    thread.start()
    for way in (give, give_after_a_look, give_in_a_loop, give_by_delegate, give_by_two_delegates, give_by_coroutine, give_with_handler):
        for _ in range(ROUNDS):
            n = resume_in_turn(way, make, write, count, to_other, from_other)
            if n != 2 * WRITES:
                print(way.__name__, write.__name__, n, "of", 2 * WRITES)
    to_other.put(None)
    thread.join()
    print(make.__name__, "by seven generators")

# Many that are let go of by one thread and ended by another.
ended = []


def ends():
    made = []
    try:
        yield made
    finally:
        ended.append(made)


def drop_many():
    for _ in range(2000):
        step(ends())


threads = [threading.Thread(target=drop_many) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
gc.collect()
print(len(ended), "ended")
