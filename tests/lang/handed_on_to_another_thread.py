# What one thread has made and another gets hold of, by whatever way: from then on both write to it at once, and nothing is lost.

import collections
import contextvars
import functools
import gc
import queue
import sys
import threading
import types
import weakref

ROUNDS, WRITES = 6, 300


class Holder:
    pass


class Slotted:
    __slots__ = "x", "__weakref__"


class Noticed:
    """What __del__ gets hold of is handed on to whatever thread runs it."""

    def __del__(self):
        box.append(self.made)


class Lives:
    made = None

    @property
    def later(self):
        return self.hidden

    @later.setter
    def later(self, value):
        self.hidden = value


# Each way gets what was made and gives what the other thread, called later, gets at it by.
box = []
shared = Holder()
shared_dict, shared_list, shared_set = {}, [None], set()
shared_deque, shared_queue, shared_simple = collections.deque(), queue.Queue(), queue.SimpleQueue()
shared_variable = contextvars.ContextVar("shared")
shared_slotted, shared_lives = Slotted(), Lives()
shared_local = threading.local()


def by_list(made):
    shared_list[0] = made
    return lambda: shared_list[0]


def by_append(made):
    shared_list.append(made)
    return lambda: shared_list[-1]


def by_extend(made):
    shared_list.extend([1, made])
    return lambda: shared_list.pop()


def by_slice(made):
    shared_list[:] = [made]
    return lambda: shared_list[0]


def by_iadd(made):
    def get():
        return shared_list[-1]

    global shared_list
    shared_list += (made,)
    return get


def by_insert(made):
    shared_list.insert(0, made)
    return lambda: shared_list.pop(0)


def by_dict(made):
    shared_dict["made"] = made
    return lambda: shared_dict["made"]


def by_new_key(made):
    shared_dict.pop("other", None)
    shared_dict["other"] = made
    return lambda: shared_dict["other"]


def by_setdefault(made):
    shared_dict.clear()
    shared_dict.setdefault(1, made)
    return lambda: shared_dict[1]


def by_update(made):
    shared_dict.update({"x": 1, "y": made})
    return lambda: shared_dict["y"]


def by_key(made):
    holder = Holder()
    holder.made = made
    shared_dict.clear()
    shared_dict[holder] = 1
    return lambda: next(iter(shared_dict)).made


def by_set(made):
    holder = Holder()
    holder.made = made
    shared_set.clear()
    shared_set.add(holder)
    return lambda: next(iter(shared_set)).made


def by_set_update(made):
    holder = Holder()
    holder.made = made
    shared_set.clear()
    shared_set.update([holder])
    return lambda: next(iter(shared_set)).made


def by_attribute(made):
    shared.made = made
    return lambda: shared.made


def by_new_attribute(made):
    holder = Holder()
    shared.holder = holder
    holder.made = made
    return lambda: shared.holder.made


def by_many_attributes(made):
    for i in range(40):
        setattr(shared, f"made{i}", made)
    return lambda: shared.made39


def by_instance_dict(made):
    shared.__dict__["by_dict"] = made
    return lambda: shared.by_dict


def by_slot(made):
    shared_slotted.x = made
    return lambda: shared_slotted.x


def by_property(made):
    shared_lives.later = made
    return lambda: shared_lives.later


def by_class(made):
    Lives.made = made
    return lambda: Lives.made


def by_new_class(made):
    keep[:] = [type("Sub", (Lives,), {"kept": made})]
    class_id = id(keep[0])
    return lambda: next(c for c in Lives.__subclasses__() if id(c) == class_id).kept


def by_global(made):
    global handed
    handed = made
    return lambda: handed


def by_module(made):
    module = sys.modules["handed_on"] = types.ModuleType("handed_on")
    module.made = made
    return lambda: sys.modules["handed_on"].made


def by_cell(made):
    return lambda: made


def by_nonlocal(made):
    kept = None

    def get():
        return kept

    box.append(get)
    kept = made
    return box.pop()


def by_default(made):
    def get(value=made):
        return value

    return get


def by_partial(made):
    return functools.partial(lambda x: x, made)


def by_method(made):
    holder = Holder()
    holder.made = made
    return types.MethodType(lambda self: self.made, holder)


def by_deque(made):
    shared_deque.append(made)
    return shared_deque.pop


def by_appendleft(made):
    shared_deque.appendleft(made)
    return shared_deque.popleft


def by_queue(made):
    shared_queue.put(made)
    return shared_queue.get


def by_simple_queue(made):
    shared_simple.put(made)
    return shared_simple.get


def by_tuple(made):
    shared.pair = (1, (made,))
    return lambda: shared.pair[1][0]


def by_weak_reference(made):
    holder = Holder()
    holder.made = made
    keep[:] = [holder]
    shared.ref = weakref.ref(holder)
    return lambda: shared.ref().made


def by_weak_dict(made):
    holder = Holder()
    holder.made = made
    keep[:] = [holder]
    shared_weak["made"] = holder
    return lambda: shared_weak["made"].made


def by_exception(made):
    def fail(argument):
        raise ValueError(argument)

    try:
        fail(made)
    except ValueError as e:
        shared.error = e
    return lambda: shared.error.args[0]


def by_traceback(made):
    def fail(argument):
        raise ValueError

    try:
        fail(made)
    except ValueError as e:
        shared.error = e
    return lambda: shared.error.__traceback__.tb_next.tb_frame.f_locals["argument"]


def by_generator(made):
    def give():
        while True:
            yield made

    shared.generator = give()
    return lambda: next(shared.generator)


def by_generator_in_turn(made):
    def give():
        first = yield
        while True:
            yield first

    shared.generator = give()
    next(shared.generator)
    shared.generator.send(made)
    return lambda: next(shared.generator)


def by_generator_iterator(made):
    def give():
        for item in [None, made, made]:
            yield item

    shared.generator = give()
    next(shared.generator)
    return lambda: next(shared.generator)


def by_coroutine(made):
    class Once:
        def __await__(self):
            yield made

    async def give():
        return await Once()

    shared.coroutine = give()
    return lambda: shared.coroutine.send(None)


def by_iterator(made):
    shared.iterator = iter([made])
    return lambda: next(shared.iterator)


def by_zip(made):
    shared.iterator = zip([1], [made])
    return lambda: next(shared.iterator)[1]


def by_context(made):
    context = contextvars.copy_context()
    context.run(shared_variable.set, made)
    shared.context = context
    return lambda: shared.context[shared_variable]


def by_cache(made):
    shared_cache.cache_clear()
    shared.to_return = made
    shared_cache(1)
    return lambda: shared_cache(1)


def by_finalizer(made):
    box.clear()
    noticed = Noticed()
    noticed.made = made
    del noticed
    gc.collect()
    return lambda: box[-1]


def by_referrers(made):
    holder = Holder()
    holder.made = made
    keep[:] = [holder]
    holder_id = id(holder)
    return lambda: next(o for o in gc.get_objects() if id(o) == holder_id).made


def by_frames(made):
    here = threading.get_ident()

    def get():
        frame = sys._current_frames()[here]
        while frame.f_code.co_name != "hand_on":
            frame = frame.f_back
        return frame.f_locals["made"]

    return get


def by_thread_local(made):
    shared_local.made = made
    shared.namespace = shared_local.__dict__
    return lambda: shared.namespace["made"]


def by_thread(made):
    def run(x):
        shared.result = x

    def get():
        return shared.result

    thread = threading.Thread(target=run, args=(made,))
    thread.start()
    thread.join()
    return get


@functools.lru_cache(maxsize=None)
def shared_cache(key):
    return shared.to_return


shared_weak = weakref.WeakValueDictionary()
keep, started = [], []


# Each kind: how one is made, one write, and how many writes there were.
def append_to_list(x, who, i):
    x.append((who, i))


def set_in_dict(x, who, i):
    x[who, i] = i


def add_to_set(x, who, i):
    x.add((who, i))


def set_attribute(x, who, i):
    setattr(x, f"{who}{i}", i)


def append_to_deque(x, who, i):
    x.append((who, i))


def extend_bytearray(x, who, i):
    x.append(i & 255)


def append_deep(x, who, i):
    x[0]["deep"][1].append(i)


KINDS = [
    (list, append_to_list, len),
    (dict, set_in_dict, len),
    (set, add_to_set, len),
    (Holder, set_attribute, lambda x: len(x.__dict__)),
    (collections.deque, append_to_deque, len),
    (bytearray, extend_bytearray, len),
    (lambda: [{"deep": (0, [])}], append_deep, lambda x: len(x[0]["deep"][1])),
]


def hand_on(way, make, write, count, to_other, from_other):
    made = make()
    for i in range(20):  # while nobody else knows of it
        write(made, "before", i)
    started.clear()
    to_other.put(way(made))
    while not started:
        pass
    for i in range(WRITES):
        write(made, "maker", i)
    from_other.get()
    return count(made)


def other(write, to_other, from_other):
    while (get := to_other.get()) is not None:
        try:
            made = get()
            started.append(True)
            for i in range(WRITES):
                write(made, "other", i)
            made = get = None
        finally:
            started.append(True)
            from_other.put(None)


def main():
    ways = [f for name, f in globals().items() if name.startswith("by_")]
    for make, write, count in KINDS:
        to_other, from_other = queue.SimpleQueue(), queue.SimpleQueue()
        thread = threading.Thread(target=other, args=(write, to_other, from_other))
        thread.start()
        for way in ways:
            for _ in range(ROUNDS):
                n = hand_on(way, make, write, count, to_other, from_other)
                if n != 20 + 2 * WRITES:
                    print(way.__name__, write.__name__, n, "of", 20 + 2 * WRITES)
        to_other.put(None)
        thread.join()
    print(len(ways), "ways,", len(KINDS), "kinds")


main()
