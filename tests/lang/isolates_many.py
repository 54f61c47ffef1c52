# asan: quarantine_size_mb=4
"""Interpreters that are made and dropped, with work in each, leave no memory behind, and no threads."""
import _interpreters
import sys
import threading

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 24
GROWTH = 4096  # KiB, after the first quarter

WORK = '''
class Node:
    def __init__(self, next): self.next, self.name = next, f"n{id(self)}"
node = None
for i in range(500): node = Node(node)
import json, re
json.loads(json.dumps({str(i): [i] for i in range(100)}))
re.sub("a|b", "c", "abc" * 100)
try: 1/0
except ZeroDivisionError as e: kept = e
'''


def resident():
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) for line in status if line.startswith('VmRSS'))


def mapped():
    with open('/proc/self/maps') as maps:
        return sum(1 for _ in maps)


def make_and_drop(count):
    for i in range(count):
        id = _interpreters.create()
        if i % 2:
            assert _interpreters.run_string(id, WORK) is None
        _interpreters.destroy(id)


make_and_drop(COUNT // 4)
before, maps_before = resident(), mapped()
make_and_drop(COUNT - COUNT // 4)
growth, more_maps = resident() - before, mapped() - maps_before
print('no growth' if growth < GROWTH else f'grew by {growth} KiB', 'no maps' if more_maps < 8 else f'{more_maps} more maps')

# Several at once, on threads.
threads = [threading.Thread(target=make_and_drop, args=(2,)) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(_interpreters.list_all(), threading.active_count())
