"""Mutable sequences: list, heaps in lists, deque, bytearray, array."""

import array
import bisect
import copy
import heapq
from collections import deque

from subject import CHANGES, COPIES, LOSES, Subject, ensure

subjects = []

READS = """
    len(x)
    list(x)
    tuple(x)
    [*x]
    sorted(x)
    sum(1 for _ in x)
    step % 100 in x
    x == x
    x.count(step % 100)
    repr(x)
    list(reversed(x))
    list(zip(x, x))
    list(enumerate(x))
    bool(x)
    (lambda *a: len(a))(*x)
    set(x)
    dict.fromkeys(x)
    list(map(str, x))
    max(x, default=0)
    copy.copy(x)
    first, *rest = (0, *x)
    for item in x: pass
"""


def check_sequence(x):
    items = list(x)
    ensure(len(items) == len(x), f"len() is {len(x)}, iteration gives {len(items)}")
    ensure(items == [x[i] for i in range(len(x))], "indexing and iteration disagree")
    ensure(x == copy.copy(x), "not equal to its copy")


# ---- list ----

lists = Subject("list", lambda tokens: list(tokens), check=check_sequence)
subjects.append(lists)
lists.expressions(READS)
lists.expressions("""
    x.copy()
    x[1:3]
    x[::2]
    x[::-1]
    x + x
    x * 2
    x < [1]
    x.__sizeof__()
    ','.join(map(repr, x))
    bytes(len(x))
    x.reverse()
    x.sort()
    x.sort(reverse=True)
    x.append(new())
    x.insert(0, new())
    x.insert(3, new())
    x.insert(-2, new())
    x.extend([new(), new()])
    x.extend((new(), new()))
    x.extend({new(), new()})
    x.extend({1: new(), 2: new()}.values())
    x.extend(new() for _ in range(3))
    x.extend(map(lambda _: new(), range(3)))
    x += [new()]
    x += (new(), new())
    x[1 << 40:1 << 40] = [new(), new()]
    x[1:1] = [new()]
    x[0:0] = (new() for _ in range(2))
""")
lists.expressions("""
    take(x.pop())
    take(x.pop(0))
    take(x.pop(3))
    take(x.pop(-2))
    x[-1]
    x[0]
    x[5]
    x.index(x[2])
    v = x[0]; x.remove(v); take(v)
    v = x[-1]; x.remove(v); take(v)
""", IndexError, ValueError)
lists.expressions("""
    del x[0]
    del x[-1]
    del x[1:3]
    del x[::2]
    del x[:]
    x[0] = new()
    x[-1] = new()
    x[2:4] = [new()]
    x[:] = [new(), new(), new(), new()]
    x[::2] = [new()] * 0 or [new() for _ in x[::2]]
    x[::-1] = [new() for _ in x]
    x.clear()
    x.__init__([new(), new()])
    x.__init__()
    x *= 0
    x.sort(key=lambda v: -v)
    x.sort(key=str)
""", LOSES, IndexError, ValueError)
lists.expressions("""
    len(x) < 5000 and x.extend(x)
    len(x) < 5000 and x.__imul__(2)
    len(x) < 5000 and x.__iadd__(x)
""", COPIES)

# ---- heapq and bisect keep an order in a list ----


def check_heap(x):
    ensure(all(x[(i - 1) // 2] <= x[i] for i in range(1, len(x))), "not a heap")


heaps = Subject("heap", lambda tokens: sorted(tokens), check=check_heap)
subjects.append(heaps)
heaps.expressions("""
    heapq.heappush(x, new())
    heapq.heapify(x)
    take(heapq.heappushpop(x, new()))
    heapq.nsmallest(3, x)
    len(x)
    list(x)
""")
heaps.expressions("""
    take(heapq.heappop(x))
    take(heapq.heapreplace(x, new()))
    x[0]
""", IndexError)


def check_sorted(x):
    ensure(all(x[i - 1] <= x[i] for i in range(1, len(x))), "not sorted")


ordered = Subject("sorted_list", lambda tokens: sorted(tokens), check=check_sorted)
subjects.append(ordered)
ordered.expressions("""
    bisect.insort(x, new())
    bisect.insort_right(x, new())
    bisect.bisect_left(x, 5)
    x.sort()
    len(x)
""")
ordered.expressions("""
    take(x.pop())
    take(x.pop(0))
""", IndexError)

# ---- deque ----


def deque_subject(name, make, traits=0):
    subject = Subject(name, make, check=check_sequence)
    subjects.append(subject)
    reads = "\n".join(line for line in READS.splitlines() if "sorted" not in line)
    subject.expressions(reads, RuntimeError, IndexError)
    subject.expressions("""
        x.append(new())
        x.appendleft(new())
        x.extend([new(), new(), new()])
        x.extendleft([new(), new(), new()])
        x += [new()]
    """, traits)
    subject.expressions("x.insert(2, new())", traits, IndexError)
    subject.expressions("""
        x.rotate(1)
        x.rotate(-3)
        x.rotate(1000)
        x.reverse()
        x.copy()
        x.maxlen
    """)
    subject.expressions("""
        take(x.pop())
        take(x.popleft())
        v = x[0]; x.remove(v); take(v)
        x[0]
        x[-1]
        x[3]
        x.index(x[1])
    """, IndexError, ValueError, RuntimeError)
    subject.expressions("""
        del x[0]
        del x[2]
        x[0] = new()
        x[-1] = new()
        x.clear()
        x.__init__([new(), new()])
        x *= 0
    """, LOSES, IndexError, RuntimeError)
    subject.expressions("""
        len(x) < 5000 and x.extend(x)
        len(x) < 5000 and x.extendleft(x)
        len(x) < 5000 and x.__imul__(2)
    """, COPIES, traits, RuntimeError)


deque_subject("deque", lambda tokens: deque(tokens))
deque_subject("bounded_deque", lambda tokens: deque(tokens, 20), LOSES)

# ---- array ----

arrays = Subject("array", lambda tokens: array.array("q", tokens), check=check_sequence)
subjects.append(arrays)
arrays.expressions(READS, BufferError)
arrays.expressions("""
    x.append(new())
    x.insert(0, new())
    x.insert(3, new())
    x.extend([new(), new()])
    x.extend(array.array('q', [new(), new()]))
    x.fromlist([new(), new()])
    x.frombytes(array.array('q', [new()]).tobytes())
    x += array.array('q', [new()])
    x.tolist()
    x.tobytes()
    x.reverse()
    x[1:3]
    x[::2]
    x + x
    x * 2
    x.buffer_info()
    memoryview(x).tolist()
    bytes(x)
""", BufferError)
arrays.expressions("""
    take(x.pop())
    take(x.pop(0))
    v = x[0]; x.remove(v); take(v)
    x[0]
    x.index(x[1])
""", IndexError, ValueError, BufferError)
arrays.expressions("""
    del x[0]
    del x[1:3]
    del x[::2]
    x[0] = new()
    x[2:4] = array.array('q', [new()])
    x *= 0
    x.clear()
""", LOSES, IndexError, ValueError, BufferError)
arrays.expressions("""
    len(x) < 5000 and x.__imul__(2)
    len(x) < 5000 and x.extend(x)
""", COPIES, BufferError)
arrays.expressions("x.byteswap()", CHANGES)

# ---- bytearray: tokens do not fit; only itself is checked ----

bytearrays = Subject("bytearray", lambda tokens: bytearray(b"stress" * 5), contents=None, check=check_sequence)
subjects.append(bytearrays)
bytearrays.expressions(READS, BufferError)
bytearrays.expressions("""
    x.append(7)
    x.insert(0, 7)
    x.insert(3, 8)
    x.extend(b'abc')
    x.extend([1, 2, 3])
    x.extend(iter(b'xyz'))
    x += b'abc'
    x += bytearray(b'q')
    x.reverse()
    x.copy()
    x[1:3]
    x[::2]
    x + x
    x * 2
    bytes(x)
    x.decode('latin-1')
    x.find(b'ss')
    x.replace(b'str', b'rts')
    x.split(b's')
    x.hex()
    x.upper()
    x.translate(bytes(range(256)))
    b''.join([x, x])
    memoryview(x).tobytes()
    bytearray(x)
    x.startswith(b'st')
    x.strip(b's')
    int.from_bytes(x[:4])
    x % ()
""", BufferError, TypeError)
bytearrays.expressions("""
    x.pop()
    x.pop(0)
    x.remove(x[0])
    x[0]
    x.index(b's')
    del x[0]
    del x[1:3]
    del x[::2]
    x[0] = 65
    x[2:4] = b'ABCDEF'
    x[::2] = bytes(len(x[::2]))
    x.clear()
    x *= 0
    x.resize(40)
    x.resize(3)
    x.__init__(b'again')
    len(x) < 5000 and x.__imul__(2)
    len(x) < 5000 and x.extend(x)
    memoryview(x)[0] = 3
    memoryview(x).release()
""", IndexError, ValueError, BufferError)
