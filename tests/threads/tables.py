"""Mutable tables: dict and its relatives, set, the namespaces of instances and classes, weak containers."""

import copy
import functools
import gc
import itertools
import json
import types
import weakref
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict

from subject import COPIES, LOSES, Key, Subject, ensure

subjects = []

# ---- dict: every key is a token, and its own value ----

DICT_READS = """
    len(x)
    list(x)
    list(x.keys())
    list(x.values())
    list(x.items())
    tuple(x)
    set(x)
    sorted(x.items(), key=str)
    dict(x)
    x.copy()
    {**x}
    x | {}
    x == x
    x == dict(x)
    step in x
    x.get(step)
    repr(x)
    x.keys() & {1, 2}
    x.keys() - x.keys()
    dict.fromkeys(x)
    copy.copy(x)
    (lambda **k: k)(**{str(k): v for k, v in list(x.items())})
    frozenset(x)
    Counter(list(x))
    [*x]
"""
DICT_WALKS = """
    for k in x: pass
    for k, v in x.items(): pass
    [v for v in x.values()]
    max(x.values(), default=None)
    list(map(x.get, x))
    list(reversed(x))
    json.dumps(len(x) and next(iter(x.values())) and 1)
"""


def check_mapping(x):
    items = list(x.items())
    ensure(len(items) == len(x), f"len() is {len(x)}, iteration gives {len(items)}")
    ensure(len(set(x)) == len(items), "a key is there twice")
    ensure(all(k in x and x[k] == v for k, v in items), "a key that iteration gives is not found")
    ensure(all(k == v for k, v in items), "a value stands under another key")


def dict_operations(subject, ordered=False):
    walk_errors = (RuntimeError, StopIteration)
    subject.expressions(DICT_READS, *((RuntimeError, KeyError) if ordered or subject.token is Key else ()))
    subject.expressions(DICT_WALKS, *walk_errors, *((KeyError,) if ordered else ()))
    conserving = """
        k = new(); x[k] = k
        k = new(); x.setdefault(k, k)
        k = new(); x.update({k: k})
        k = new(); l = new(); x.update([(k, k), (l, l)])
        k = new(); l = new(); x.update({k: k, l: l})
        k = new(); x |= {k: k}
        k = new(); x.__setitem__(k, k)
        for _ in range(3): k = new(); x[k] = k
    """
    subject.expressions(conserving, *((RuntimeError,) if subject.token is Key else ()))
    subject.expressions("""
        take(x.popitem()[0])
        k = next(iter(x)); v = x.pop(k); take(v)
        k = next(reversed(x)); v = x.pop(k); take(v)
        k = next(iter(list(x))); v = x.pop(k, None); v is None or take(v)
        x[next(iter(x))]
        k = next(iter(x)); v = x[k]; x[k] = v
    """, *walk_errors, KeyError, COPIES if subject.token is not Key else COPIES)
    subject.expressions("""
        del x[next(iter(x))]
        x.clear()
        x.__init__()
    """, *walk_errors, KeyError, LOSES)


def pairs(tokens):
    return {k: k for k in tokens}


for kind, token in ("int", int), ("str", lambda n: f"key_{n:x}"), ("Key", Key), ("float", float):
    subject = Subject(f"dict_of_{kind}", pairs, check=check_mapping, token=token)
    subjects.append(subject)
    dict_operations(subject)

ordered_dicts = Subject("OrderedDict", lambda tokens: OrderedDict(pairs(tokens)), check=check_mapping)
subjects.append(ordered_dicts)
dict_operations(ordered_dicts, ordered=True)
ordered_dicts.expressions("""
    x.move_to_end(next(iter(x)))
    x.move_to_end(next(reversed(x)), last=False)
    take(x.popitem(last=False)[0])
    x == OrderedDict(list(x.items()))
""", KeyError, RuntimeError, StopIteration)

# ---- keys that both threads use ----


def check_few(x):
    keys = list(x)
    ensure(len(keys) == len(x) == len(set(keys)), f"{len(x)} keys by len(), {keys} by iteration")
    ensure(all(k in x for k in keys), "a key that iteration gives is not found")


few = Subject("dict_of_few_keys", lambda tokens: {}, contents=None, check=check_few)
subjects.append(few)
few.expressions("""
    x[step % 7] = step
    x[str(step % 7)] = step
    x.setdefault(step % 7, step)
    x.pop(step % 7, None)
    x.pop(str(step % 5), None)
    x.update({step % 7: 1, step % 5: 2, 'a': 3})
    x.update(a=1, b=2)
    x |= {step % 3: 0}
    x.get(step % 7)
    x.get(str(step % 7))
    step % 7 in x
    list(x.items())
    dict(x)
    x.clear()
    x.__init__()
    x == {1: 2}
    x.copy().popitem() if x.copy() else None
""", KeyError)
few.expressions("""
    del x[step % 7]
    del x[str(step % 7)]
    x[step % 7]
    x.popitem()
    for k in x: x[k]
""", KeyError, RuntimeError)

# ---- defaultdict: a factory written in C makes the missing value in one go ----

defaults = Subject("defaultdict_of_lists", lambda tokens: defaultdict(list, {0: list(tokens)}),
                   contents=lambda x: itertools.chain(*x.values()), check=lambda x: ensure(len(x) == len(list(x)), "length"))
subjects.append(defaults)
defaults.expressions("""
    x[step % 50].append(new())
    x[step].append(new())
    x[str(step % 9)].append(new())
    x.setdefault(step % 50, []).append(new())
    x.get(step, [])
    len(x)
    list(x)
    x.copy()
    x | {}
    x.default_factory
    step in x
""")

# ---- Counter ----

counters = Subject("Counter", lambda tokens: Counter({"start": 3}), contents=None, check=lambda x: ensure(len(x) == len(list(x)), "length"))
subjects.append(counters)
counters.expressions("""
    x[step % 5] += 1
    x.update([1, 2, 3])
    x.update('abc')
    x.subtract('ab')
    x.pop(step % 5, None)
    x.clear()
    x['missing']
    list(x.items())
    x.copy()
    x == Counter()
    len(x)
""", KeyError, RuntimeError)
counters.expressions("""
    x.most_common(2)
    x.total()
    x + x
    x - x
    x & x
    x | x
    +x
    list(x.elements())
    del x[step % 5]
    x += Counter('a')
""", KeyError, RuntimeError)

# ---- set ----


def check_set(x):
    items = list(x)
    ensure(len(items) == len(x) == len(set(items)), f"len() is {len(x)}, iteration gives {len(items)}")
    ensure(all(k in x for k in items), "an element that iteration gives is not found")
    ensure(x == set(items), "not equal to its copy")


for kind, token in ("int", int), ("str", lambda n: f"key_{n:x}"), ("Key", Key):
    subject = Subject(f"set_of_{kind}", lambda tokens: set(tokens), check=check_set, token=token)
    subjects.append(subject)
    python_keys = (RuntimeError,) if token is Key else ()
    subject.expressions("""
        len(x)
        list(x)
        tuple(x)
        sorted(x)
        set(x)
        frozenset(x)
        x.copy()
        x | {1}
        x & {1, 2}
        x - {1}
        x ^ {1}
        x == x
        x <= x
        x.isdisjoint([1, 2])
        x.issubset(x)
        x.union([1], (2,))
        step in x
        repr(x)
        [*x]
        dict.fromkeys(x)
        x.add(new())
        x.update([new(), new()])
        x.update({new(), new()})
        x.update({new(): 1, new(): 1})
        x |= {new()}
        for _ in range(3): x.add(new())
        x.discard(step)
        x -= {1}
        x.difference_update([1, 2])
        bool(x)
    """, *python_keys, *((AttributeError, TypeError) if token is not int else ()))
    subject.expressions("""
        take(x.pop())
        for item in x: pass
        sum(1 for item in x)
    """, KeyError, RuntimeError)
    subject.expressions("""
        v = next(iter(x)); x.remove(v)
        v = next(iter(x)); x.discard(v)
        x.clear()
        x &= set(x)
        x.intersection_update(list(x))
        x ^= {new()}
        x.symmetric_difference_update([new()])
        x.__init__([new()])
        x -= x
    """, LOSES, KeyError, RuntimeError, StopIteration, *((AttributeError, TypeError) if token is not int else ()))

few_elements = Subject("set_of_few", lambda tokens: set(), contents=None, check=check_set)
subjects.append(few_elements)
few_elements.expressions("""
    x.add(step % 7)
    x.add(str(step % 7))
    x.discard(step % 7)
    x.discard(str(step % 7))
    x |= {step % 7, step % 5}
    x -= {step % 7, 'a'}
    x &= {1, 2, 3, 'a', '1'}
    x ^= {step % 3}
    x.clear()
    x.update('abc')
    x.difference_update('ab')
    x.symmetric_difference_update('bc')
    x.intersection_update('abc')
    list(x)
    sorted(x, key=str)
    step % 7 in x
    x.copy()
    x | {1}
    x == {1}
    len(x)
""")
few_elements.expressions("""
    x.remove(step % 7)
    x.pop()
    for k in x: pass
""", KeyError, RuntimeError)

# ---- instances: attributes are tokens ----


class Plain:
    shared = 0

    def method(self):
        return self.shared


def instance(tokens):
    o = Plain()
    for token in tokens:
        setattr(o, token, token)
    return o


def check_instance(x):
    names = list(vars(x))
    ensure(len(names) == len(set(names)) == len(vars(x)), "an attribute is there twice")
    ensure(all(getattr(x, n) == n for n in names if n.startswith("key_")), "an attribute has another's value")


def attributes(x):
    return [n for n in vars(x) if n.startswith("key_")]


def attribute_name(number):
    return f"key_{number:x}"


READ_ATTRIBUTES = """
    x.shared
    x.method()
    x.nothing if hasattr(x, 'nothing') else None
    getattr(x, 'key_3', None)
    vars(x)
    list(vars(x))
    list(x.__dict__.items())
    dict(x.__dict__)
    dir(x)
    type(x)
    repr(x)
    x.__dict__.get('shared')
    copy.copy(x)
    'key_1' in x.__dict__
    len(x.__dict__)
"""

for size in 2, 40:
    instances = Subject(f"instance_{size}", instance, contents=attributes, check=check_instance, token=attribute_name, size=size)
    subjects.append(instances)
    instances.expressions(READ_ATTRIBUTES, RuntimeError, KeyError)
    instances.expressions("""
        n = new(); setattr(x, n, n)
        n = new(); x.__dict__[n] = n
        n = new(); vars(x).update({n: n})
        n = new(); x.__dict__.setdefault(n, n)
        x.a = step; x.b = step; x.c = step
        x.shared = step
        x.a = x.b = step
        object.__setattr__(x, 'd', step)
        x.__class__ = Plain
    """)
    instances.expressions("""
        n = new(); setattr(x, n, n); delattr(x, n); take(n)
        n = new(); setattr(x, n, n); take(x.__dict__.pop(n))
        n, v = x.__dict__.popitem(); n.startswith('key_') and take(n)
        del x.a
        x.a, x.b
        del x.shared
    """, AttributeError, KeyError)
    instances.expressions("""
        x.__dict__.clear()
        x.__dict__ = {}
        delattr(x, next(iter(x.__dict__)))
    """, LOSES, AttributeError, StopIteration, RuntimeError, KeyError)
    # Two steps: what another thread takes between them comes back.
    instances.expressions("x.__dict__ = dict(x.__dict__)", LOSES, COPIES)


class Slotted:
    __slots__ = ("a", "b", "__dict__", "__weakref__")


slotted = Subject("slots", lambda tokens: Slotted(), contents=None)
subjects.append(slotted)
slotted.expressions("""
    x.a = step
    x.b = x
    x.c = step
    x.a
    x.b
    del x.a
    del x.b
    x.c
    vars(x)
    weakref.ref(x)()
    hasattr(x, 'a')
    Slotted.a.__get__(x)
    Slotted.a.__set__(x, 5)
""", AttributeError)

# ---- classes ----


def new_class(tokens):
    return type("Made", (Plain,), {n: n for n in tokens} | {"data": property(lambda self: 5)})


def class_attributes(x):
    return [n for n in vars(x) if n.startswith("key_")]


def check_class(x):
    names = class_attributes(x)
    ensure(len(set(names)) == len(names), "an attribute is there twice")
    ensure(all(getattr(x, n) == n and getattr(x(), n) == n for n in names), "an attribute has another's value")
    ensure(all(issubclass(c, x) for c in x.__subclasses__()), "__subclasses__")


classes = Subject("class", new_class, contents=class_attributes, check=check_class, token=attribute_name)
subjects.append(classes)
classes.expressions("""
    n = new(); setattr(x, n, n)
    n = new(); setattr(x, n, n); getattr(x(), n)
    x.shared = step
    x().shared
    x().method()
    x().data
    x.method = lambda self: 3
    x.__len__ = lambda self: 3
    o = x(); o.a = 1; o.b = 2; o.a
    type('Sub', (x,), {'shared': 1})().method()
    type('Sub', (x,), {})
    x.__subclasses__()
    x.__mro__
    list(vars(x))
    dict(vars(x))
    dir(x)
    x.__doc__
    repr(x)
    x.__name__ = 'Made'
    x.__qualname__
    isinstance(x(), Plain)
    x.__init__
    x.__annotations__
    gc.get_referents(x)
    x.__init__ = lambda self: None
    x.__bases__ = (Plain,)
""", RuntimeError)
classes.expressions("""
    n = new(); setattr(x, n, n); delattr(x, n); take(n)
    del x.shared
    del x.method
    del x.__len__
    len(x())
    x().nothing
    bool(x())
""", AttributeError, TypeError)

# ---- module namespace ----


def new_module(tokens):
    module = types.ModuleType("made")
    for token in tokens:
        setattr(module, token, token)
    exec("""
counter = 0
def read(): return counter
def write(v):
    global counter, extra
    counter = v
    extra = v
def remove():
    global extra
    del extra
def builtin(): return len([1])
""", module.__dict__)
    return module


modules = Subject("module", new_module, contents=class_attributes, token=attribute_name)
subjects.append(modules)
modules.expressions("""
    n = new(); setattr(x, n, n)
    n = new(); x.__dict__[n] = n
    x.read()
    x.write(step)
    x.builtin()
    x.counter
    dir(x)
    list(vars(x))
    vars(x).get('key_1')
    x.len = lambda v: 5
""")
modules.expressions("""
    n = new(); setattr(x, n, n); delattr(x, n); take(n)
    x.remove()
    x.extra
    del x.len
    x.nothing
""", AttributeError, NameError)

# ---- weak containers: they are Python code over dicts, sets and callbacks ----


class Thing:
    pass


KEEP = [Thing() for _ in range(20)]

weak_sets = Subject("WeakSet", lambda tokens: weakref.WeakSet(KEEP), contents=None,
                    check=lambda x: ensure(set(KEEP[10:]) <= set(x), "an element is lost"))
subjects.append(weak_sets)
weak_sets.expressions("""
    x.add(Thing())
    x.add(KEEP[step % 20])
    x.discard(KEEP[step % 10])
    list(x)
    len(x)
    KEEP[step % 20] in x
    step % 50 or gc.collect(0)
    x |= {KEEP[3]}
    x.copy()
    for _ in x: pass
    x.update(KEEP)
""", RuntimeError)

weak_values = Subject("WeakValueDictionary", lambda tokens: weakref.WeakValueDictionary(enumerate(KEEP)), contents=None,
                      check=lambda x: ensure(all(x.get(i) is KEEP[i] for i in range(10, 20)), "a value is lost"))
subjects.append(weak_values)
weak_values.expressions("""
    x[step % 10] = Thing()
    x[step % 10] = KEEP[step % 10]
    x[step % 20] = KEEP[step % 20]
    x.pop(step % 10, None)
    x.get(step % 20)
    x.setdefault(step % 20, KEEP[step % 20])
    list(x)
    list(x.items())
    list(x.values())
    len(x)
    step % 50 or gc.collect(0)
    x.copy()
    weakref.getweakrefs(KEEP[0])
    weakref.getweakrefcount(KEEP[0])
""", KeyError, RuntimeError)

weak_keys = Subject("WeakKeyDictionary", lambda tokens: weakref.WeakKeyDictionary({k: 1 for k in KEEP}), contents=None,
                    check=lambda x: ensure(all(k in x for k in KEEP[10:]), "a key is lost"))
subjects.append(weak_keys)
weak_keys.expressions("""
    x[Thing()] = 1
    x[KEEP[step % 20]] = step
    x.pop(KEEP[step % 10], None)
    x.get(KEEP[step % 20])
    list(x)
    list(x.items())
    len(x)
    step % 50 or gc.collect(0)
    weakref.ref(KEEP[step % 20], lambda r: None)
    weakref.ref(Thing(), lambda r: None)
    weakref.proxy(KEEP[1]).x if hasattr(KEEP[1], 'x') else None
    weakref.finalize(Thing(), int)
    x.keyrefs()
""", KeyError, RuntimeError)

# ---- caches ----


def cached_function(maxsize):
    def make(tokens):
        return functools.lru_cache(maxsize)(lambda v: v * 2)

    return make


def check_cache(x):
    info = x.cache_info()
    ensure(info.maxsize is None or info.currsize <= info.maxsize, f"{info} is over its size")
    ensure(all(x(v) == v * 2 for v in range(60)), "a result stands under another argument")


for maxsize in None, 5, 64, 0:
    caches = Subject(f"lru_cache_{maxsize}", cached_function(maxsize), contents=None, check=check_cache)
    subjects.append(caches)
    caches.expressions("""
        x(step % 50)
        x(step)
        x(3)
        x(v=3)
        x.cache_info()
        x.cache_clear()
        x.cache_parameters()
        x(Key(step % 40))
    """, TypeError)
