"""Iterators, generators and reads go on where another thread left them: alone, beside others, and alone again."""
import array
import collections
import ctypes
import threading

c_library = ctypes.CDLL(None)
start_type = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
c_library.pthread_create.argtypes = [ctypes.c_void_p, ctypes.c_void_p, start_type, ctypes.c_void_p]
c_library.pthread_join.argtypes = [ctypes.c_ulong, ctypes.c_void_p]
N = 36


def numbers():
    yield from range(N)


def delegating():
    yield from numbers_in_turn()


def numbers_in_turn():
    for i in range(N):
        yield i


def make():
    return [iter(range(N)), iter(list(range(N))), iter(tuple(range(N))), iter({i: i for i in range(N)}), iter({i: i for i in range(N)}.items()),
            iter(set(range(N))), iter(bytes(range(N))), iter(bytearray(range(N))), iter("abcdefghijklmnopqrstuvwxyz0123456789"),
            iter(array.array("i", range(N))), iter(collections.deque(range(N))), reversed(list(range(N))), numbers(), delegating(),
            (i for i in range(N)), zip(range(N), [str(i) for i in range(N)]), enumerate(range(N))]


def two_steps(iterators):
    for k, iterator in enumerate(iterators):
        count = 0
        for item in iterator:
            seen[k].append(item)
            count += 1
            if count == 2:
                break


def rest(iterators):
    for k, iterator in enumerate(iterators):
        seen[k].extend(iterator)


def in_thread(function, *args):
    thread = threading.Thread(target=function, args=args)
    thread.start()
    thread.join()


@start_type
def foreign(argument):
    two_steps(iterators)
    return None


iterators = make()
seen = [[] for _ in iterators]
for _ in range(3):
    two_steps(iterators)
    in_thread(two_steps, iterators)
    two_steps(iterators)
waiting = threading.Event()
beside = threading.Thread(target=waiting.wait)
beside.start()
two_steps(iterators)
in_thread(two_steps, iterators)
two_steps(iterators)
waiting.set()
beside.join()
two_steps(iterators)
thread = ctypes.c_ulong()
assert c_library.pthread_create(ctypes.byref(thread), None, foreign, None) == 0
assert c_library.pthread_join(thread, None) == 0
rest(iterators)
for iterator, items in zip(iterators, seen):
    print(type(iterator).__name__, len(items), len(set(items)), items[:3], items[-1], next(iterator, "end"))

# Made by a thread that has ended.
made = []
in_thread(lambda: made.extend(make()))
seen = [[] for _ in made]
two_steps(made)
in_thread(two_steps, made)
rest(made)
print([len(items) for items in seen])


# A coroutine awaited in turn by several threads.
class Ready:
    def __await__(self):
        return (yield self)


async def inner(n):
    total = 0
    for i in range(n):
        total += await Ready()
    return total


async def outer(n):
    return await inner(n)


def send(coroutine, values):
    for value in values:
        try:
            coroutine.send(value)
        except StopIteration as e:
            print("returned", e.value)


coroutine = outer(6)
send(coroutine, [None, 1])
in_thread(send, coroutine, [2, 3])
send(coroutine, [4])
in_thread(send, coroutine, [5, 6])


# What is read is a value that was there.
class Changing:
    def __init__(self):
        self.kept = "kept"
        self.name = "name"


def change(o, items, queue, numbers, done):
    for i in range(300):
        o.name = "name"
        o.other = i
        del o.name
        o.name = "other name"
        items.append("item")
        items[0:0] = ["first", "second"]
        items.pop()
        del items[1:]
        queue.append("item")
        queue.popleft()
        numbers.append(7)
        numbers[0] = 8
        numbers.pop()
    done.append(True)


def read(o, items, queue, numbers, done):
    while not done:
        found = {o.kept, getattr(o, "name", None)}
        for sequence in (items, queue, numbers):
            try:
                found |= {sequence[0], sequence[-1]}
            except IndexError:
                pass
        for item in items:
            found.add(item)
        wrong.extend(found - {"kept", "name", "other name", None, "item", "first", "second", 7, 8})


wrong = []
for _ in range(10):
    arguments = Changing(), ["item"], collections.deque(["item"]), array.array("i", [7]), []
    arguments[0].name, arguments[0].kept
    reader = threading.Thread(target=read, args=arguments)
    reader.start()
    change(*arguments)
    reader.join()
    for _ in range(100):
        assert arguments[0].name == "other name" and arguments[0].kept == "kept" and arguments[1][0] == "first"
print(wrong)
