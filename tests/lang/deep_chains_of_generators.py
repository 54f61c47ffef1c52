"""Deep delegation ends in RecursionError or works; it never ends the process."""
import sys


def endless(n):
    yield n
    yield from endless(n + 1)


try:
    for x in endless(0):
        pass
except RecursionError as e:
    print(type(e).__name__)


def ident(it):
    yield from it


it = iter([1])
for i in range(3000):
    it = ident(it)
try:
    next(it)
except RecursionError:
    pass
for act in (lambda g: g.close(), lambda g: g.throw(ValueError)):
    it = ident(iter([1]))
    next(it)
    for i in range(200):
        it = ident(it)
    try:
        act(it)
        print("closed")
    except ValueError as e:
        print(type(e).__name__)
for source in ("with " + "x, " * 200000 + "y: pass", "x+not " * 20000 + "x", "-not " * 20000 + "x"):
    try:
        compile(source, "s", "exec")
    except (SyntaxError, MemoryError, RecursionError):
        print("refused")
