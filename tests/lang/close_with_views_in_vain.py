# Operations on what is exported, many times in vain, still find views that are dead.
import array
import gc
import mmap

ballast = [[i] for i in range(50_000)]


def attempt(operation, exporter):
    try:
        operation(exporter)
    except BufferError as e:
        return str(e)
    return "done"


def dropped(operation, exporter):
    view = memoryview(exporter)
    view = None
    return attempt(operation, exporter)


def old_and_dropped(operation, exporter):
    boxes = [[memoryview(exporter)]]
    gc.collect()
    boxes = None
    return attempt(operation, exporter)


kinds = [
    (lambda: mmap.mmap(-1, 4096), mmap.mmap.close),
    (lambda: bytearray(10), bytearray.clear),
    (lambda: array.array("i", [1]), lambda a: a.append(2)),
]
for make, operation in kinds:
    print(old_and_dropped(operation, make()))
    kept = []
    results = set()
    for _ in range(40):
        exporter = make()
        kept.append(memoryview(exporter))
        results.add(attempt(operation, exporter))
    print(results)
    print({dropped(operation, make()) for _ in range(10)})
    for view in kept:
        view.release()
    print(attempt(operation, exporter))
