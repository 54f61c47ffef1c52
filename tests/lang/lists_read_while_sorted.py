"""A list that one thread sorts, or empties and fills, is short for others for a moment, and never anything else."""
import threading

items = list(range(50))
end = threading.Event()
failures = []


def read(index):
    while not end.is_set():
        try:
            if type(items[index]) is not int:
                failures.append(index)
        except IndexError:
            pass


readers = [threading.Thread(target=read, args=(index,)) for index in (2, -3)]
for reader in readers:
    reader.start()
for _ in range(1500):
    items.sort(key=lambda n: -n)
    items.sort(key=lambda n: n)
    items.clear()
    items.extend(range(50))
end.set()
for reader in readers:
    reader.join()
print(failures, items == list(range(50)))
