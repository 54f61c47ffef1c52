"""What a suspended generator has yielded lives only as long as its consumer wants it."""
import gc
import weakref


class Item:
    pass


class Holder:
    def __init__(self):
        self.item = Item()


def fresh():
    while True:
        yield Item()


def taken_out():
    holders = [Holder() for _ in range(3)]
    try:
        while holders:
            yield holders.pop().item
    finally:
        holders.clear()


def delegated():
    yield from taken_out()


def local():
    for _ in range(3):
        item = Item()
        yield item


for function in fresh, taken_out, delegated, local:
    iterator = function()
    for _ in range(2):
        item = next(iterator)
        reference = weakref.ref(item)
        del item
        gc.collect()
        print(function.__name__, reference() is None)
