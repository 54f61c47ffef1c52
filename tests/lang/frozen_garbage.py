"""gc.freeze(): what is frozen, garbage or not, outlives collections of both kinds until gc.unfreeze()."""
import gc
import weakref


class Thing:
    pass


for _ in range(5):
    gc.collect()
    things = [Thing() for _ in range(200)]
    for thing in things:
        thing.itself = thing
    refs = [weakref.ref(thing) for thing in things]
    gc.freeze()
    del things, thing
    for _ in range(200):
        rest = [[i] for i in range(5000)]
    print(sum(r() is not None for r in refs), gc.get_freeze_count() > 200)
    gc.collect()
    print(sum(r() is not None for r in refs))
    gc.unfreeze()
    gc.collect()
    print(sum(r() is not None for r in refs), gc.get_freeze_count())
