"""A generator that a loop got from a call and leaves by break or return is finalized there and then, if it has something to finalize."""
import asyncio
import contextlib
import threading

lock = threading.Lock()


def locked(n=10):
    if not lock.acquire(blocking=False):
        raise RuntimeError("still locked")
    try:
        yield from range(n)
    finally:
        lock.release()


class Reader:
    def __init__(self):
        for self.first in locked():
            break

    def find(self, wanted):
        for i in locked():
            for j in inner():
                if i + j == wanted:
                    return i, j, log.append("returned")


log = []


def inner():
    try:
        yield 1
        yield 2
    finally:
        log.append("inner ended")


for _ in range(3000):
    assert Reader().first == 0
print(Reader().find(4), lock.locked(), log)
log.clear()


def in_order():
    for i in locked():
        try:
            for j in inner():
                with contextlib.closing(locked_by(log)):
                    log.append((i, j))
                    break
            log.append("behind the loop")
            if i == 1:
                return "end"
        finally:
            log.append("finally")


class locked_by:
    def __init__(self, log):
        self.log = log

    def close(self):
        self.log.append("closed")


print(in_order(), lock.locked(), log)
log.clear()

for x in (y for y in inner()):
    break
else:
    print("not here")
print(x, log)
log.clear()

# What others hold lives on.
kept = []


def keep(generator):
    kept.append(generator)
    return generator


for x in keep(inner()):
    break
for x in keep(locked(4)):
    if x == 2:
        break
print(log, lock.locked(), list(kept.pop()), list(kept.pop()), log, lock.locked())
log.clear()


# In a generator, and where an exception is handled.
def outer():
    for i in range(3):
        for j in inner():
            yield i, j
            break
        log.append("next")
    try:
        1 / 0
    except ZeroDivisionError:
        for j in inner():
            return j


print(list(outer()), log)
log.clear()


async def numbers():
    try:
        yield 1
        yield 2
    finally:
        log.append("numbers ended")


async def main():
    async for n in numbers():
        break
    log.append("behind the loop")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    log.append("main ends")


asyncio.run(main())
print(log)


# Loops in loops in generators, and the stack of C is not what counts them.
def deep(n):
    try:
        if n == 0:
            yield 0
        for x in deep(n - 1):
            yield x + 1
    finally:
        count[0] += 1


def plain(n):
    if n == 0:
        for x in inner():
            yield x
    for x in plain(n - 1):
        yield x


log.clear()
count = [0]
for x in deep(300):
    break
print(x, count)
for x in plain(300):
    break
print(x, log)
log.clear()


# What fails at the end is told, and the loop goes on.
def failing():
    try:
        yield 1
    finally:
        raise ValueError("at the end")


def first():
    for x in failing():
        return x


import sys

sys.unraisablehook = lambda u: log.append((type(u.exc_value).__name__, str(u.exc_value)))
print(first(), log)
log.clear()


# A generator that somebody came by through its frame.
def shows_itself():
    try:
        frames.append(sys._getframe())
        yield 1
    finally:
        log.append("shown")


frames = []
for x in shows_itself():
    held = frames[0].f_generator
    break
print(log, held.gi_suspended)
frames.clear()
held.close()
print(log)
