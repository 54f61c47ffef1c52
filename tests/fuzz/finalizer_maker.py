"""Makes random programs that let go of objects; run as a script it makes and runs some: finalizer_maker.py FIRST COUNT.

make(number) gives the text of a program. Its functions build graphs of objects with finalizers, weak references with callbacks,
generators with a `finally`, cycles, closures and exceptions, and let go of them in every way that the language has. The prelude
watches, by walking from the program's roots (globals and the variables of all running functions):

- nothing that is reachable was finalized, and no weak reference to it is dead;
- no finalizer and no callback runs twice;
- after gc.collect() all that is unreachable was finalized.

What a finalizer brought back is excused, and what hangs on it: that was finalized and lives, rightly.

As a script it prints a line for each program, "ok" or what was violated.
"""

import random
import sys

PRELUDE = '''
import contextvars
import gc
import sys
import threading
import types
import weakref

created, finalized, closed, excused = [], [], set(), set()  # numbers
has_finalizer, weak, called = set(), {}, []
trouble, saved, shared = [], [], []
variable = contextvars.ContextVar("variable", default=None)
counter = iter(range(10**9))
busy = threading.local()
sys.unraisablehook = lambda unraisable: None if unraisable.exc_type.__name__ in ("Oops", "ValueError") else trouble.append(repr(unraisable.exc_value)[:300])
threading.excepthook = lambda args: None if issubclass(args.exc_type, (NameError, ValueError, Oops)) else trouble.append(repr(args.exc_value)[:300])


class Oops(Exception):
    pass


def report(*words):
    if len(trouble) < 5:
        f = sys._getframe(1)
        lines = []
        while f:
            if f.f_code.co_filename.startswith("program"):
                lines.append(f.f_lineno)
            f = f.f_back
        trouble.append(" ".join(map(str, words)) + f" (lines {lines})")


def begin(o, finalizer=True):
    """A new object of which we want to know when it goes."""
    o.n = n = next(counter)
    created.append(n)
    if finalizer:
        has_finalizer.add(n)
    weak[n] = weakref.ref(o, lambda r: called_back(n, r)) if n % 3 else weakref.ref(o)


def called_back(n, r):
    called.append(n)
    if r() is not None:
        report("callback of", n, "which is there")
    nested_check()


def finalize(n):
    finalized.append(n)


def excuse(*roots):
    for o in walk(list(roots)):
        if hasattr(o, "n"):
            excused.add(o.n)


def is_old(o):
    """Whether an object that is there was finalized."""
    if o is not None and not isinstance(o, types.FunctionType) and hasattr(o, "n") and o.n in finalized and o.n not in excused:
        report("object", o.n, "is there and was finalized")


def use(*objects):
    for o in objects:
        is_old(o)
    return objects[0]


class Base:
    a = b = n = None

    def link(self, other, work=None):
        use(self, other)
        self.a = other
        return self

    def me(self, work=None):
        use(self)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        is_old(self)
        return True

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return self.n if self.n is not None else 0

    def __iter__(self):
        yield self
        yield self.a

    def __len__(self):
        return 2

    def __add__(self, other):
        return Node(self, other)


class Node(Base):
    def __init__(self, a=None, b=None):
        begin(self)
        if a is not None:
            self.a = a
        if b is not None:
            self.b = b

    def __del__(self):
        finalize(self.n)


class Plain(Base):
    """No finalizer."""

    def __init__(self, a=None, b=None):
        begin(self, False)
        self.a, self.b = a, b


class Slots(Base):
    __slots__ = ("s", "t")

    def __init__(self, a=None, b=None):
        begin(self)
        self.s, self.t = a, b

    def __del__(self):
        finalize(self.n)


class Items(list):
    n = None

    def __init__(self, *items):
        begin(self)
        super().__init__(items)

    def __del__(self):
        finalize(self.n)

    a = property(lambda self: self[0] if self else None, lambda self, value: self.append(value), lambda self: self.clear())
    b = None
    me, __hash__, __eq__ = Base.me, Base.__hash__, Base.__eq__
    link, __enter__, __exit__, __add__ = Base.link, Base.__enter__, Base.__exit__, Base.__add__


class Cyclic(Node):
    def __init__(self, a=None, b=None):
        super().__init__(a, b)
        self.own = self


class Returning(Node):
    """Its finalizer brings it back."""

    def __del__(self):
        finalize(self.n)
        excuse(self)
        saved.append(self)


class Busy(Node):
    """Its finalizer does much."""

    def __del__(self):
        finalize(self.n)
        if getattr(busy, "depth", 0) < 2:
            busy.depth = getattr(busy, "depth", 0) + 1
            x = Node()
            y = Plain(x)
            del x
            self.a = None
            y.a = None
            nested_check()
            if self.n % 7 == 0:
                gc.collect()
            busy.depth -= 1
        if self.n % 5 == 0:
            raise Oops


def generator(held=None, more=None):
    n = next(counter)
    created.append(n)
    try:
        has_finalizer.add(n)
        yield n
        while True:
            got = yield held
            is_old(held)
            if got is not None:
                more = got
    finally:
        finalize(n)
        if n not in closed and n not in excused:
            nested_check()
        del held


def start(held=None, more=None):
    g = generator(held, more)
    next(g)
    return g


def done(g):
    """Closes a generator."""
    if isinstance(g, types.GeneratorType) and suspended(g):
        closed.add(number_of(g))
        try:
            g.close()
        except ValueError:  # another thread runs it
            pass


async def coroutine(held, waits):
    x = Node(held)
    try:
        await waits
        return use(x)
    finally:
        junk(5)


class Waits:
    def __await__(self):
        got = yield self
        return got


LEAVES = (int, str, float, bool, type(None), type, types.ModuleType, types.CodeType, types.BuiltinFunctionType, weakref.ref)


def variables_of(frame):
    if frame.f_code.co_name in ("__del__", "walk", "check", "called_back") or frame.f_code.co_name == "<module>":
        return []
    return list(frame.f_locals.values())


def suspended(o):
    """The frame of a generator or coroutine that is neither running nor done."""
    if isinstance(o, types.CoroutineType):
        return None if o.cr_running else o.cr_frame
    return None if o.gi_running else o.gi_frame


def number_of(generator):
    frame = suspended(generator)
    return frame and frame.f_locals.get("n")


def walk(todo):
    """All objects that these lead to, once."""
    seen, found = {}, []
    while todo:
        o = todo.pop()
        if isinstance(o, LEAVES) or id(o) in seen:
            continue
        seen[id(o)] = o
        found.append(o)
        if isinstance(o, (Base, Items)):
            todo.extend(vars(o).values())
            if isinstance(o, Slots):
                todo += [getattr(o, "s", None), getattr(o, "t", None)]
            if isinstance(o, Items):
                todo.extend(list(o))
        elif isinstance(o, (list, tuple, set, frozenset)):
            todo.extend(list(o))
        elif isinstance(o, dict):
            todo.extend(list(o.values()))
            todo.extend(list(o))
        elif isinstance(o, types.FunctionType):
            todo.extend(o.__defaults__ or ())
            for cell in o.__closure__ or ():
                try:
                    todo.append(cell.cell_contents)
                except ValueError:
                    pass
        elif isinstance(o, types.MethodType):
            todo.append(o.__self__)
        elif isinstance(o, (types.GeneratorType, types.CoroutineType)):
            frame = suspended(o)
            if frame:
                todo += variables_of(frame)
        elif isinstance(o, BaseException):
            todo += [o.__context__, o.__cause__, o.args, getattr(o, "thing", None), getattr(o, "obj", None)]
            trace = o.__traceback__
            while trace:
                todo += variables_of(trace.tb_frame)
                trace = trace.tb_next
            frame = o.__traceback__ and o.__traceback__.tb_frame.f_back
            while frame:
                todo += variables_of(frame)
                frame = frame.f_back
    return found


def globals_of():
    return [value for name, value in list(space.items()) if name[0] in "Gcti" and name[-1].isdigit()] + [saved, shared, variable.get(), vars(busy)]


def look_at(roots, what):
    gone = set(finalized) - excused
    for o in walk(roots):
        if isinstance(o, (types.GeneratorType, types.CoroutineType)):
            n = number_of(o)
            if n in gone and n not in closed:
                report("generator", n, "is reachable from", what, "and was finalized")
            continue
        n = getattr(o, "n", None)
        if not isinstance(o, (Base, Items)) or n is None or n in excused:
            continue
        if n in gone:
            report(type(o).__name__, n, "is reachable from", what, "and was finalized")
        if weak[n]() is not o:
            report(type(o).__name__, n, "is reachable from", what, "and its weak reference says", weak[n]())


def nested_check():
    look_at(globals_of(), "globals")


def check(names=None):
    """Looks at what is reachable from the caller's variables; with none given, from those of all callers."""
    if names is not None:
        look_at(list(names.values()) + globals_of(), "variables")
        return
    roots, f = globals_of(), sys._getframe(1)
    while f:
        if f.f_code.co_name in ("__del__", "called_back", "generator"):
            f = f.f_back
            continue
        roots += variables_of(f)
        f = f.f_back
    look_at(roots, "frames")


def junk(size):
    made = [[i, str(i)] for i in range(size)]
    return made[0]


def collect():
    gc.collect()


def get(number):
    """An object by its weak reference, if it is there."""
    if number not in weak:
        return None
    o = weak[number]()
    if o is not None and o.n in finalized:
        excuse(o)
    return o


def raiser(o):
    e = Oops("text")
    e.thing = o
    raise e


def keep(e):
    return e


def at_the_end():
    """Nothing runs any more."""
    for attempt in range(6):
        known = len(finalized), len(created), len(saved)
        before = list(created)
        live = {getattr(o, "n", None) for o in walk(globals_of())}
        live |= {number_of(o) for o in walk(globals_of()) if isinstance(o, types.GeneratorType)}
        for again in range(3):  # a collection that finds another one running does nothing
            gc.collect()
            late = [n for n in before if n in has_finalizer and n not in finalized and n not in live and n not in excused]
            if not late:
                break
        if late:
            report("not finalized after gc.collect():", late[:10], "of", len(before))
            break
        if (len(finalized), len(created), len(saved)) == known:
            dead = [n for n in before if n in weak and n not in live and weak[n]() is not None and n not in excused]
            if dead:
                report("weak references to what is unreachable:", dead[:10])
            break
    nested_check()
    for n in set(finalized):
        if finalized.count(n) > 1:
            report("finalized", finalized.count(n), "times:", n)
    for n in set(called):
        if called.count(n) > 1:
            report("called back", called.count(n), "times:", n)
'''


class Maker:
    def __init__(self, number):
        self.random = random.Random(number)
        self.lines = []
        self.names = [f"x{i}" for i in range(2 + self.random.randrange(4))]
        self.bound = set()
        self.functions = []
        self.depth = self.counter = self.loops = 0
        self.threads = self.chance(0.15)
        self.kinds = self.random.sample(["Node", "Plain", "Slots", "Items", "Cyclic", "Returning", "Busy", "start"], 3 + self.random.randrange(5))
        if "Node" not in self.kinds:
            self.kinds.append("Node")
        self.junk = self.pick([0.0, 0.02, 0.1])
        self.checks = self.pick([0.05, 0.15])
        self.closures = self.chance(0.3)

    def chance(self, p):
        return self.random.random() < p

    def pick(self, items):
        return self.random.choice(list(items))

    def emit(self, indent, text):
        self.lines.append("    " * indent + text)

    def name(self):
        """One that is bound."""
        return self.pick(sorted(self.bound)) if self.bound else "None"

    def new(self, level=0):
        kind = self.pick(self.kinds)
        arguments = [self.value(level + 1) for _ in range(self.random.randrange(3))]
        return f"{kind}({', '.join(arguments)})"

    def value(self, level=0):
        r = self.random.random()
        if level > 2 or r < 0.3:
            return self.name()
        if r < 0.6:
            return self.new(level)
        if r < 0.66:
            return f"[{self.value(level + 1)}, {self.value(level + 1)}]"
        if r < 0.7:
            return f"({self.value(level + 1)}, {self.value(level + 1)})"
        if r < 0.74:
            return f"{{1: {self.value(level + 1)}, 'k': {self.value(level + 1)}}}"
        if r < 0.78:
            return f"getattr({self.name()}, {self.pick(['a', 'b', 's'])!r}, None)"
        if r < 0.82:
            return f"use({self.new(level)}, {self.value(level + 1)}, {self.work()})"
        if r < 0.85:
            return f"{self.new(level)}.me({self.work()})" if self.chance(0.7) and "start" not in self.kinds else f"Node({self.name()}).me({self.work()})"
        if r < 0.88:
            # Another thread may find by a weak reference what is about to be finalized.
            return "None" if self.threads else f"get({self.random.randrange(60)})"
        if r < 0.9:
            return f"[{self.new(level)} for i in range({self.random.randrange(4)})]"
        if r < 0.92:
            return f"(lambda v: v)({self.value(level + 1)})"
        if r < 0.93:
            return f"Node({self.name()}).me"
        if r < 0.95 and self.functions and not self.loops:
            return self.call()
        if r < 0.96:
            return f"(Node() + Node({self.name()})).a"
        if r < 0.97:
            return f"globals().get('G{self.random.randrange(3)}')"
        return "None"

    def call(self):
        return f"{self.pick(self.functions)}({self.name()}, {self.new()})"

    def work(self):
        """An expression that takes time while temporaries wait."""
        return self.pick(["check()", "junk(50)", "collect()", "None", "Node(Node()).b", f"{self.new()} and None", "check(locals())",
                          "nested_check()"] + ([self.call()] if self.functions and not self.loops else []))

    def assign(self, name):
        self.bound.add(name)

    # ---- statements ----

    def block(self, indent, count=None):
        self.depth += 1
        for _ in range(count or 1 + self.random.randrange(4)):
            self.statement(indent)
        self.depth -= 1

    def branch(self, indent):
        """A block that may not run: what it unbinds is unbound after it."""
        before = set(self.bound)
        self.block(indent)
        self.bound &= before

    def statement(self, indent):
        emit = self.emit
        if self.chance(self.checks):
            emit(indent, self.pick(["check()", "check(locals())", "nested_check()", f"use({self.name()})", f"is_old({self.name()})"]))
        if self.chance(self.junk):
            emit(indent, self.pick(["junk(100)", "junk(3000)", "gc.collect(0)", "collect()"]))
        r = self.random.random()
        if self.depth > 3:
            r *= 0.7
        x = self.name()
        if r < 0.18:
            target = self.pick(self.names)
            emit(indent, f"{target} = {self.value()}")
            self.assign(target)
        elif r < 0.30 and self.bound:
            emit(indent, f"del {x}")
            self.bound.discard(x)
        elif r < 0.36 and self.bound:
            emit(indent, f"{x} = None")
        elif r < 0.52:
            self.guarded(indent, x)
        elif r < 0.58:
            self.globals(indent)
        elif r < 0.63:
            emit(indent, f"{self.value()}")
        elif r < 0.65 and self.bound:
            emit(indent, f"done({x})")
        elif r < 0.66 and len(self.bound) > 1:
            emit(indent, f"{x}, {self.name()} = {self.name()}, {x}")
        elif r < 0.68 and self.functions and not self.loops:
            target = self.pick(self.names)
            emit(indent, f"{target} = {self.call()}" if self.chance(0.6) else self.call())
            if not self.lines[-1].strip().startswith("f"):
                self.assign(target)
        elif r < 0.69 and not self.in_module:
            emit(indent, f"return {self.pick([self.value(), 'None'])}")
        elif r < 0.70 and self.loops:
            emit(indent, self.pick(["break", "continue"]))
        elif r < 0.76:
            emit(indent, f"if {x} is {self.pick(['None', 'not None'])}:" if self.chance(0.5)
                 else f"if len(created) % {2 + self.random.randrange(3)}:")
            self.branch(indent + 1)
        elif r < 0.83:
            self.loop(indent)
        elif r < 0.90:
            self.handler(indent)
        elif r < 0.93:
            target = self.pick(self.names)
            emit(indent, f"with Node({x}) as {target}:")
            before = set(self.bound)
            self.bound.add(target)
            self.block(indent + 1)
            self.bound &= before
        elif r < 0.96:
            self.coroutine(indent)
        else:
            self.closure(indent)

    def guarded(self, indent, x):
        """What fails where an object is of another kind."""
        emit = self.emit
        attribute = self.pick("aabbst")
        emit(indent, "try:")
        emit(indent + 1, self.pick([f"{x}.{attribute} = {self.value()}", f"{x}.{attribute} = {self.name()}", f"{x}.{attribute} = None", f"del {x}.{attribute}",
                                    f"del {x}[0]", f"{x}.append({self.value()})", f"{x}[0] = {self.value()}", f"{x}['k'] = None", f"del {x}['k']", f"{x}.pop()",
                                    f"{x}.clear()", f"{x}.{attribute}.{attribute} = None", f"{x}.link({self.value()}, {self.work()})",
                                    f"delattr({x}, '{attribute}')", f"setattr({x}, '{attribute}', None)", f"next({x})", f"{x}.send({self.name()})",
                                    f"{x}.{attribute}, {x}.b = {x}.b, {x}.{attribute}", f"del {x}[:]", f"del {x}.a, {x}.b"]))
        emit(indent, "except (AttributeError, TypeError, IndexError, KeyError, StopIteration, ValueError):")
        emit(indent + 1, "pass")

    def globals(self, indent):
        emit = self.emit
        name = f"G{self.random.randrange(3)}"
        r = self.random.random()
        if self.threads and r < 0.7:
            emit(indent, self.pick([f"shared.append({self.value()})", "shared.clear()", "del shared[:1]", "shared[:1] = []"]))
        elif r < 0.35:
            emit(indent, f"{name} = {self.value()}")
        elif r < 0.5:
            emit(indent, f"{name} = None")
        elif r < 0.65:
            emit(indent, "try:")
            emit(indent + 1, f"del {name}")
            emit(indent, "except NameError:")
            emit(indent + 1, "pass")
        elif r < 0.72:
            emit(indent, self.pick(["saved.clear()", "del saved[:1]", f"saved.append({self.value()})"]))
        elif r < 0.8:
            target = self.pick(self.names)
            emit(indent, f"{target} = globals().get('{name}')")
            self.assign(target)
        elif r < 0.9:
            self.counter += 1
            emit(indent, f"token{self.counter} = variable.set({self.value()})")
            self.block(indent, 1)
            if not self.lines[-1].strip().startswith(("return", "break", "continue")):
                emit(indent, f"variable.reset(token{self.counter})")
                emit(indent, f"del token{self.counter}")
        else:
            emit(indent, f"busy.thing = {self.value()}")

    def loop(self, indent):
        emit = self.emit
        before, target = set(self.bound), self.pick(self.names)
        r = self.random.random()
        if r < 0.5:
            emit(indent, f"for {target} in [{self.value()}, {self.value()}, {self.new()}]:")
        elif r < 0.7:
            emit(indent, f"for {target} in (Node({self.name()}) for i in range({1 + self.random.randrange(4)})):")
        elif r < 0.8:
            emit(indent, f"for {target} in Node({self.name()}):")
        else:
            emit(indent, f"for i{self.depth} in range({1 + self.random.randrange(6)}):")
            target = None
        if target:
            self.bound.add(target)
        self.loops += 1
        # What a round unbinds is unbound in the next: each variable that it uses is bound anew.
        kept, self.bound = self.bound, {target} if target else set()
        for name in self.random.sample(self.names, min(2, len(self.names))):
            if name not in self.bound:
                emit(indent + 1, f"{name} = {self.value(1)}")
                self.bound.add(name)
        changed = len(self.lines)
        self.block(indent + 1)
        self.loops -= 1
        self.bound = before - {name for name in self.names if any(f"del {name}" in line.split("#")[0] for line in self.lines[changed:])}

    def handler(self, indent):
        emit = self.emit
        before, name = set(self.bound), self.pick(self.names)
        emit(indent, "try:")
        if self.chance(0.5):
            self.block(indent + 1, 1)
        ended = self.lines[-1].strip().startswith(("return", "break", "continue"))
        if not ended:
            emit(indent + 1, self.pick([f"raiser({self.value()})", f"use({self.new()}, raiser({self.name()}))", f"[{self.new()}, raiser(None)]", "None.nothing",
                                        f"{self.new()}.nothing"]))
        self.bound &= before
        if self.chance(0.7):
            emit(indent, f"except Exception as {name}:")
            before.discard(name)
            self.bound = set(before)
            emit(indent + 1, self.pick([f"check(locals())", f"G{self.random.randrange(3)} = keep({name})", "pass", f"saved.append({name})", f"{name}.__traceback__ = None"]))
            self.block(indent + 1)
            self.bound &= before
        else:
            emit(indent, "except Exception:")
            self.branch(indent + 1)
        before &= self.bound
        self.bound = before
        if self.chance(0.3):
            emit(indent, "finally:")
            loops, self.loops, module, self.in_module = self.loops, 0, self.in_module, True
            self.branch(indent + 1)
            self.loops, self.in_module = loops, module

    def coroutine(self, indent):
        emit = self.emit
        self.counter += 1
        c = f"c{self.counter}"
        emit(indent, f"{c} = coroutine({self.value()}, Waits())")
        emit(indent, f"{c}.send(None)")
        self.block(indent, 1)
        if self.lines[-1].strip().startswith(("return", "break", "continue")):
            return
        emit(indent, self.pick([f"{c}.close()", f"del {c}", f"{c} = None", "pass", f"try: {c}.send(None)\n" + "    " * indent + "except (StopIteration, RuntimeError): pass"]))

    def closure(self, indent):
        emit = self.emit
        self.counter += 1
        f = f"inner{self.counter}"
        if self.in_module or not self.bound:
            emit(indent, f"G0 = lambda v={self.name()}: v")
            return
        x = self.name()
        emit(indent, f"def {f}(p=None):")
        kind = self.random.randrange(3)
        if kind == 0:
            emit(indent + 1, f"nonlocal {x}")
            emit(indent + 1, f"{x} = {self.pick(['None', 'p', 'Node(p)'])}")
        elif kind == 1:
            emit(indent + 1, f"return use({x}, Node({x}), {self.pick(['junk(20)', 'check()'])})")
        else:
            emit(indent + 1, f"yield {x}")
            emit(indent + 1, f"yield Node({x})")
        emit(indent, self.pick([f"{f}()", f"{f}({self.new()})", f"G1 = {f}", f"saved.append({f}())", f"list({f}() or ())" if kind == 2 else f"{f}(None)"]))
        if self.chance(0.5):
            emit(indent, f"del {f}")

    # ---- the program ----

    def function(self, number):
        name = f"f{number}"
        self.bound, self.in_module, self.depth, self.loops = set(self.names[:2]), False, 0, 0
        self.emit(0, f"def {name}({self.names[0]}=None, {self.names[1]}=None):")
        self.emit(1, "global G0, G1, G2")
        self.block(1, 3 + self.random.randrange(8))
        self.emit(1, self.pick([f"return {self.name()}", "return None", "check()", "check(locals())"]))
        self.functions.append(name)

    def text(self):
        for number in range(1 + self.random.randrange(4)):
            self.function(number)
        last = self.functions[-1]
        self.emit(0, "def run():")
        self.emit(1, f"for i in range({self.pick([1, 2, 5])}):")
        self.emit(2, f"{last}({self.pick(['', 'Node()', 'Node(), Node(Node())'])})")
        self.emit(2, "check()")
        if self.threads:
            self.emit(0, "def thread():")
            self.emit(1, f"for i in range({self.pick([3, 10])}):")
            self.emit(2, f"{self.pick(self.functions)}()")
            self.emit(0, f"threads = [threading.Thread(target=thread) for i in range({2 + self.random.randrange(3)})]")
            self.emit(0, "for thread in threads: thread.start()")
            self.emit(0, "try:")
            self.emit(1, "run()")
            self.emit(0, "finally:")
            self.emit(1, "for thread in threads: thread.join()")
            self.emit(1, "del threads, thread")
        else:
            self.emit(0, "run()")
            if self.chance(0.5):
                self.bound, self.in_module, self.depth, self.loops = set(), True, 0, 0
                self.names = ["G0", "G1", "G2"]
                self.block(0, 4)
        self.emit(0, "saved.clear()")
        self.emit(0, "G0 = G1 = None")
        return "\n".join(self.lines) + "\n"


def make(number):
    return Maker(number).text()


def run(number):
    """What was violated, as texts."""
    space = {"__name__": f"program{number}"}
    space["space"] = space
    exec(compile(PRELUDE, "prelude", "exec"), space)
    code = compile(make(number), f"program{number}", "exec")
    try:
        exec(code, space)
    except (NameError, ValueError):  # a variable of a closure; a generator that another thread runs
        pass
    except Exception as error:
        trace, lines = error.__traceback__, []
        while trace:
            if trace.tb_frame.f_code.co_filename.startswith("pro"):
                lines.append(trace.tb_lineno)
            trace = trace.tb_next
        space["trouble"].append(f"{type(error).__name__}: {error} (lines {lines})")
        error = trace = None
    space["at_the_end"]()
    return space["trouble"], len(space["created"]), len(space["finalized"])


def main():
    first, count = int(sys.argv[1]), int(sys.argv[2])
    for number in range(first, first + count):
        print("\0" + str(number), end=" ", flush=True)
        trouble, created, finalized = run(number)
        print("; ".join(trouble) or "ok", f"({created} made, {finalized} finalized)" if "-v" in sys.argv else "", flush=True)


if __name__ == "__main__":
    main()
