"""What is consumed or written to: iterators, generators, in-memory and real files, queues, numbers drawn."""

import collections
import io
import itertools
import queue
import random
import tempfile
import threading
import contextvars
import _queue

from subject import COPIES, LOSES, Key, Subject, ensure

subjects = []

# ---- iterators: each item is delivered once ----

COUNT = 400


class Consumed:
    """An iterator over tokens; what nobody took is taken by the check."""

    def __init__(self, iterator, unpack=None):
        self.iterator, self.unpack = iterator, unpack or (lambda item: item)


def rest(x):
    return [x.unpack(item) for item in x.iterator]


ITERATORS = {
    "list": lambda tokens: iter(tokens),
    "list_reversed": lambda tokens: reversed(tokens),
    "tuple": lambda tokens: iter(tuple(tokens)),
    "deque": lambda tokens: iter(collections.deque(tokens)),
    "deque_reversed": lambda tokens: reversed(collections.deque(tokens)),
    "dict": lambda tokens: iter(dict.fromkeys(tokens)),
    "dict_reversed": lambda tokens: reversed(dict.fromkeys(tokens)),
    "dict_values": lambda tokens: iter({str(k): k for k in tokens}.values()),
    "set": lambda tokens: iter(set(tokens)),
    "map": lambda tokens: map(int, tokens),
    "filter": lambda tokens: filter(None, [0, *tokens]),
    "chain": lambda tokens: itertools.chain(tokens[:9], tokens[9:200], tokens[200:]),
    "chain_from_iterable": lambda tokens: itertools.chain.from_iterable([tokens[:50], tokens[50:]]),
    "islice": lambda tokens: itertools.islice(iter(tokens), 0, None),
    "compress": lambda tokens: itertools.compress(tokens, itertools.repeat(1)),
    "takewhile": lambda tokens: itertools.takewhile(bool, tokens),
    "dropwhile": lambda tokens: itertools.dropwhile(int(0).__eq__, tokens),
    "filterfalse": lambda tokens: itertools.filterfalse(int(0).__eq__, tokens),
    "iter_callable": lambda tokens: iter(collections.deque(tokens + [None]).popleft, None),
    "getitem": lambda tokens: iter(Indexed(tokens)),
}


class Indexed:
    def __init__(self, items):
        self.items = items

    def __getitem__(self, i):
        return self.items[i]


NOT_ATOMIC = {"getitem"}  # its __getitem__ is Python code: CPython's lock may change hands there

for name, make in ITERATORS.items():
    traits = COPIES | LOSES if name in NOT_ATOMIC else 0
    subject = Subject(f"iterator_{name}", lambda tokens, make=make: Consumed(make(tokens)), contents=rest, size=COUNT)
    subjects.append(subject)
    subject.expressions("""
        v = next(x.iterator); take(v)
        v = next(x.iterator, None); v is None or take(v)
        for v in x.iterator: take(v); break
        for v in itertools.islice(x.iterator, 3): take(v)
        getattr(x.iterator, '__length_hint__', int)()
        repr(x.iterator)
        v, = itertools.islice(x.iterator, 1); take(v)
    """, traits, StopIteration, ValueError, TypeError)

PAIRED = {
    "enumerate": (lambda tokens: enumerate(tokens), lambda item: item[1]),
    "zip": (lambda tokens: zip(tokens, tokens), lambda item: item[0]),
    "dict_items": (lambda tokens: iter({k: k for k in tokens}.items()), lambda item: item[0]),
    "zip_longest": (lambda tokens: itertools.zip_longest(tokens, []), lambda item: item[0]),
    "starmap": (lambda tokens: itertools.starmap(max, [(k, 0) for k in tokens]), lambda item: item),
    "groupby": (lambda tokens: itertools.groupby(tokens), lambda item: item[0]),
    "product": (lambda tokens: itertools.product(tokens, [1]), lambda item: item[0]),
    "combinations": (lambda tokens: itertools.combinations(tokens, 1), lambda item: item[0]),
    "permutations": (lambda tokens: itertools.permutations(tokens, 1), lambda item: item[0]),
    "batched": (lambda tokens: itertools.batched(tokens, 1), lambda item: item[0]),
    "combinations_with_replacement": (lambda tokens: itertools.combinations_with_replacement(tokens, 1), lambda item: item[0]),
    "pairwise": (lambda tokens: itertools.pairwise([*tokens, 0]), lambda item: item[0]),
}

for name, (make, unpack) in PAIRED.items():
    subject = Subject(f"iterator_{name}", lambda tokens, make=make, unpack=unpack: Consumed(make(tokens), unpack),
                      contents=rest, size=COUNT)
    subjects.append(subject)
    subject.expressions("""
        v = next(x.iterator); take(x.unpack(v))
        v = next(x.iterator, None); v is None or take(x.unpack(v))
        for v in x.iterator: take(x.unpack(v)); break
        repr(x.iterator)
    """, StopIteration)


class Numbers:
    def __init__(self):
        self.count, self.range, self.accumulate = itertools.count(), iter(range(1 << 40)), itertools.accumulate(itertools.repeat(1))
        self.random, self.seen = random.Random(5), [[], [], [], []]

    def check(self):
        for name, seen in zip(("count", "range", "accumulate", "random"), self.seen):
            ensure(len(set(seen)) == len(seen), f"{name} gave a number twice")


drawn = Subject("numbers", lambda tokens: Numbers(), contents=None, check=Numbers.check)
subjects.append(drawn)
drawn.expressions("""
    x.seen[0].append(next(x.count))
    x.seen[1].append(next(x.range))
    x.seen[2].append(next(x.accumulate))
    x.seen[3].append(x.random.getrandbits(128))
    x.seen[3].append(x.random.random())
    repr(x.count)
    x.random.getstate()
""")

cycles = Subject("cycle", lambda tokens: itertools.cycle(tokens), contents=None)
subjects.append(cycles)
cycles.expressions("""
    next(x)
    for v in x: break
    list(itertools.islice(x, 30))
""")

tees = Subject("tee", lambda tokens: itertools.tee(iter(tokens * 10)), contents=None)
subjects.append(tees)
tees.expressions("""
    next(x[0], None)
    next(x[1], None)
    list(itertools.islice(x[0], 30))
    next(x[0].__copy__(), None)
""", RuntimeError, ValueError)

# ---- generators: "already executing", and each item once ----


def walk(tokens):
    for token in tokens:
        yield token


generators = Subject("generator", lambda tokens: Consumed(walk(tokens)), contents=rest, size=COUNT)
subjects.append(generators)
generators.expressions("""
    v = next(x.iterator); take(v)
    v = next(x.iterator, None); v is None or take(v)
    v = x.iterator.send(None); take(v)
    for v in x.iterator: take(v); break
    x.iterator.gi_running
    x.iterator.gi_frame
    x.iterator.gi_suspended
    x.iterator.gi_yieldfrom
    x.iterator.gi_code
    f = x.iterator.gi_frame; f and f.f_lineno
    f = x.iterator.gi_frame; f and f.f_locals
    repr(x.iterator)
""", ValueError, StopIteration)
generators.expressions("""
    x.iterator.close()
    x.iterator.throw(KeyError)
""", ValueError, StopIteration, KeyError, LOSES)

expressions = Subject("generator_expression", lambda tokens: Consumed(t for t in tokens), contents=rest, size=COUNT)
subjects.append(expressions)
expressions.operations = generators.operations


async def one():
    return 1


coroutines = Subject("coroutine", lambda tokens: one(), contents=None, check=lambda x: x.close())
subjects.append(coroutines)
coroutines.expressions("""
    x.send(None)
    x.close()
    x.throw(KeyError)
    x.cr_running
    x.cr_frame
""", RuntimeError, StopIteration, KeyError, ValueError)

# ---- files ----


class Lines:
    """A stream that lines are written to: each must come out whole, once."""

    def __init__(self, stream, binary):
        self.stream, self.binary = stream, binary

    def line(self, token):
        text = f"{token:030d}\n"
        return text.encode() if self.binary else text

    def lines(self):
        self.stream.flush()
        self.stream.seek(0)
        data = self.stream.read()
        self.stream.close()
        lines = data.splitlines()
        ensure(all(len(line) == 30 for line in lines), "a line is torn")
        return [int(line) for line in lines]


def lines_subject(name, open_stream, binary):
    subject = Subject(name, lambda tokens: Lines(open_stream(), binary), contents=Lines.lines, size=0)
    subjects.append(subject)
    subject.expressions("""
        x.stream.write(x.line(new()))
        x.stream.writelines([x.line(new())])
        for _ in range(3): x.stream.write(x.line(new()))
        x.stream.flush()
        x.stream.tell()
        x.stream.closed
        x.stream.readable()
        repr(x.stream)
    """)


lines_subject("StringIO", io.StringIO, False)
lines_subject("BytesIO", io.BytesIO, True)
lines_subject("text_file", lambda: tempfile.TemporaryFile("w+"), False)
lines_subject("binary_file", lambda: tempfile.TemporaryFile("w+b"), True)
lines_subject("raw_file", lambda: tempfile.TemporaryFile("w+b", buffering=0), True)
lines_subject("random_file", lambda: io.BufferedRandom(tempfile.TemporaryFile("w+b", buffering=0), 64), True)

memory = Subject("memory_streams", lambda tokens: (io.StringIO("one\ntwo\n" * 20), io.BytesIO(b"one\ntwo\n" * 20)), contents=None)
subjects.append(memory)
memory.expressions("""
    x[0].read(3)
    x[0].readline()
    x[0].write('four')
    x[0].getvalue()
    x[0].seek(0)
    x[0].seek(step)
    x[0].truncate(30)
    x[0].truncate()
    next(x[0], None)
    x[0].readlines()
    x[0].__getstate__()
    x[1].read(3)
    x[1].readline()
    x[1].write(b'four')
    x[1].getvalue()
    x[1].getbuffer().tobytes()
    x[1].seek(0)
    x[1].seek(step)
    x[1].truncate(30)
    x[1].readinto(bytearray(5))
    next(x[1], None)
    x[1].readlines()
    x[1].__getstate__()
""", BufferError)


def filled(mode, **options):
    stream = tempfile.TemporaryFile(mode, **options)
    stream.write("line of text\n" * 500 if "b" not in mode else b"line of text\n" * 500)
    stream.flush()
    stream.seek(0)
    return stream


for name, make in ("text_reader", lambda: filled("w+")), ("binary_reader", lambda: filled("w+b")):
    readers = Subject(name, lambda tokens, make=make: make(), contents=None, check=lambda x: x.close())
    subjects.append(readers)
    readers.expressions("""
        x.read(5)
        x.readline()
        next(x, None)
        x.seek(0)
        x.tell()
        x.read(1000)
        x.flush()
        x.fileno()
        x.readlines(30)
        x.detach and x.closed
        x.truncate(3000)
    """, OSError)

# ---- queues ----


def drain(q):
    items = []
    while q.qsize():
        items.append(q.get_nowait())
    return items


def filled_queue(q, tokens):
    for token in tokens:
        q.put(token)
    return q


for name, kind in {"SimpleQueue": _queue.SimpleQueue, "Queue": queue.Queue, "LifoQueue": queue.LifoQueue,
                   "PriorityQueue": queue.PriorityQueue}.items():
    queues = Subject(name, lambda tokens, kind=kind: filled_queue(kind(), tokens), contents=drain)
    subjects.append(queues)
    queues.expressions("""
        x.put(new())
        x.put_nowait(new())
        take(x.get_nowait())
        take(x.get(timeout=0.0001))
        x.qsize()
        x.empty()
    """, queue.Empty)

# ---- locks: what they guard is never seen half done ----


class Guarded:
    def __init__(self, lock):
        self.lock, self.inside, self.broken = lock, 0, False

    def enter(self):
        with self.lock:
            self.inside += 1
            self.broken |= self.inside != 1
            self.inside -= 1

    def check(self):
        ensure(not self.broken and self.inside == 0, "two threads held the lock")


for name, kind in {"Lock": threading.Lock, "RLock": threading.RLock, "Semaphore": threading.Semaphore,
                   "Condition": threading.Condition}.items():
    locks = Subject(name, lambda tokens, kind=kind: Guarded(kind()), contents=None, check=Guarded.check)
    subjects.append(locks)
    locks.expressions("""
        x.enter()
        x.lock.acquire(); x.lock.release()
        x.lock.acquire(blocking=False) and x.lock.release()
        x.lock.acquire(timeout=0.0001) and x.lock.release()
        repr(x.lock)
    """)

# ---- contexts and thread-local storage ----

VARIABLE = contextvars.ContextVar("variable", default=0)

contexts = Subject("context", lambda tokens: contextvars.copy_context(), contents=None)
subjects.append(contexts)
contexts.expressions("""
    x.run(VARIABLE.set, step)
    x.run(VARIABLE.get)
    x.get(VARIABLE)
    list(x.items())
    x.copy()
    len(x)
    VARIABLE.set(step)
    VARIABLE.get()
""", RuntimeError)


def own(x, value):
    x.value = value
    ensure(x.value is value, "another thread's value")


locals_ = Subject("local", lambda tokens: threading.local(), contents=None)
subjects.append(locals_)
locals_.expressions("""
    own(x, object())
    x.__dict__
    vars(x).clear()
    setattr(x, f'a{step}', step)
    x.missing
    del x.value
""", AttributeError)
