"""Makes random programs; run as a script it makes and runs some: program_maker.py FIRST COUNT.

make(number) gives the text of a program. As a script it prints for each program a NUL character and then what the program prints.
"""

import random
import sys

NAMES = ["a", "b", "c", "d", "e"]
ATTRIBUTES = ["x", "y", "z", "w"]
CONSTANTS = ["0", "1", "2", "-1", "7", "100", "2**40", "1.5", "-0.0", "2.0", "True", "False", "None", "''", "'s'", "'text'", "'é'",
             "b'by'", "()", "(1, 2)", "('k', 3)", "[]", "[1, 2, 3]", "['p', 'q']", "{}", "{'k': 1}", "{1: 2, 3: 4}", "{5}",
             "range(3)", "1j", "2**60", "2**61 - 1", "-2**61", "2**62", "2**63 - 1", "1e308", "float('inf')", "3.0", "255", "'a' * 30"]
# Values that functions are called with; instances are made by the program.
ARGUMENTS = CONSTANTS + ["[(1, 2), (3, 4)]", "{'a': (1, 2), 'b': (3, 4)}", "iter([4, 5, 6])", "C0(1)", "C1(2)", "C1('t')", "C0(1.5)",
                         "make(3)", "zip('ab', [1, 2])", "enumerate('xy')"]
BINARY = ["+", "-", "*", "/", "//", "%", "&", "|", "^", "<<", ">>", "@"]
COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
BUILTINS = ["len", "abs", "repr", "str", "bool", "int", "float", "list", "tuple", "sorted", "sum", "min", "max", "type_name", "show",
            "any", "all", "reversed_list", "hash_kind", "iter_list", "callable", "ord", "chr_safe"]
METHODS = ["append(1)", "pop()", "get('k')", "get('k', 0)", "keys()", "items()", "upper()", "join(['a', 'b'])", "split()", "count(1)",
           "index(1)", "copy()", "add(3)", "update({'u': 1})", "setdefault('k', 9)", "extend((8, 9))", "format(1)", "startswith('t')",
           "bit_length()", "is_integer()", "clear()", "insert(0, 5)", "m(1)", "m(2, k=3)", "g()", "s(4)", "k(5)", "__len__()"]

PRELUDE = '''
def clip(v):
    """Keeps what grows from growing without end."""
    if isinstance(v, (str, bytes, tuple, list)) and len(v) > 40:
        return v[:40]
    if isinstance(v, int) and v.bit_length() > 200:
        return v % 1000003
    return v


def small(v):
    return v % 50 if isinstance(v, int) and not -50 < v < 50 else v


STEPS = [0]


def step():
    """Ends programs that would not."""
    STEPS[0] += 1
    if STEPS[0] > 3000:
        raise SystemExit("too many steps")


def show(v, depth=0):
    """Text that is the same everywhere: no addresses, sets in order."""
    if depth > 4:
        return "..."
    kind = type(v)
    if kind in (list, tuple):
        return kind.__name__ + "(" + ", ".join(show(i, depth + 1) for i in v[:20]) + ")"
    if kind is dict:
        return "{" + ", ".join(show(k, depth + 1) + ": " + show(i, depth + 1) for k, i in list(v.items())[:20]) + "}"
    if kind in (set, frozenset):
        return kind.__name__ + str(sorted(show(i, depth + 1) for i in v))
    if kind in (int, float, complex, str, bytes, bool, type(None), range, slice):
        return repr(v)[:200]
    if isinstance(v, BaseException):
        return kind.__name__ + ": " + str(v)[:200]
    if hasattr(v, "state"):
        return v.state()
    return "<" + kind.__name__ + ">"


def type_name(v): return type(v).__name__
def reversed_list(v): return list(reversed(v))
def hash_kind(v): return type(hash(v)).__name__
def iter_list(v): return [i for i, n in zip(v, range(10))]
def chr_safe(v): return chr(v % 1000)


def make(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield "got", got
    return "made"


def takes(p, q=2, /, r=3, *rest, z=4): return (show(p), show(q), show(r), show(rest), show(z))
def takes_any(*args, **kwargs): return (show(args), show(kwargs))


def drive(g, *sent):
    """Sends values, or exceptions, into a generator or what may be one."""
    got = []
    try:
        for value in sent:
            got.append(g.throw(value) if isinstance(value, BaseException) else g.send(value))
        g.close()
    except (Exception, GeneratorExit) as e:
        got.append(show(e))
    return got


CHANCE = [1]


def play(g, steps=12):
    """Goes on with a generator or coroutine: sends, throws or closes as chance has it."""
    got = []
    for _ in range(steps):
        CHANCE[0] = CHANCE[0] * 1103515245 + 12345 & 0x7fffffff
        act = CHANCE[0] >> 16 & 15
        try:
            if act < 9:
                got.append(g.send(None))
            elif act < 11:
                got.append(g.send((act,)) if got else next(iter(g)))
            elif act < 15:
                got.append(g.throw((ValueError(act), E(3), KeyError("k"), TypeError)[act - 11]))
            else:
                got.append(g.close())
        except StopIteration as e:
            got.append(("end", e.value))
            if act:
                break
        except (Exception, GeneratorExit) as e:
            got.append(e)
            if act < 9:
                break
    g.close()
    return got


def run_coroutine(c):
    CHANCE[0] = CHANCE[0] * 1103515245 + 12345 & 0x7fffffff
    if CHANCE[0] >> 16 & 3 == 0:
        return play(c)
    try:
        while True:
            c.send(None)
    except StopIteration as e:
        return e.value
    finally:
        c.close()


class Later:
    def __init__(self, value): self.value = value
    def __await__(self):
        yield
        return self.value
    def __aiter__(self): self.left = 3; return self
    async def __anext__(self):
        self.left -= 1
        if self.left < 0: raise StopAsyncIteration
        return await Later((self.left, self.value))
    async def __aenter__(self): return self.value
    async def __aexit__(self, *error): print("aexit", error[0] and error[0].__name__)


class Manager:
    def __init__(self, swallow): self.swallow = swallow
    def __enter__(self): return [self.swallow]
    def __exit__(self, kind, e, tb):
        print("exit", kind and kind.__name__)
        return self.swallow
'''


class Maker:
    """One program's text, from one source of chance."""

    def __init__(self, number):
        self.random = random.Random(number)
        self.lines = []
        self.depth = 0  # of statements
        self.names = list(NAMES)
        self.in_loop = self.in_generator = self.counter = 0

    def chance(self, share):
        return self.random.random() < share

    def pick(self, items):
        return items[self.random.randrange(len(items))]

    def emit(self, indent, text):
        self.lines.append("    " * indent + text)

    # Expressions

    def expression(self, depth=0):
        r = self.random.random()
        if depth > 2 or r < 0.28:
            return self.pick(self.names) if self.chance(0.65) else self.pick(CONSTANTS)
        sub = lambda: self.expression(depth + 1)  # noqa: E731
        if r < 0.42:
            if self.chance(0.5):
                return f"clip({self.pick(self.names)} + {self.pick(self.names + ['1', '2'])})"
            operator = self.pick(BINARY)
            if operator in ("*", "<<"):
                return f"clip(small({sub()}) {operator} small({sub()}))"
            return f"clip({sub()} {operator} {sub()})"
        if r < 0.50:
            return f"({sub()} {self.pick(COMPARISONS)} {sub()})"
        if r < 0.52:
            return f"({sub()} {self.pick(['is', 'is not'])} None)"  # of other objects nobody promises which are the same
        if r < 0.55:
            return f"({sub()} {self.pick(['and', 'or'])} {sub()})"
        if r < 0.59:
            return f"({sub()} if {sub()} else {sub()})"
        if r < 0.64:
            return f"{self.pick(BUILTINS)}({sub()})"
        if r < 0.69:
            return f"{self.pick(self.names)}.{self.pick(ATTRIBUTES)}"
        if r < 0.74:
            return f"{self.pick(self.names)}.{self.pick(METHODS)}"
        if r < 0.79:
            return f"{self.pick(self.names)}[{self.subscript()}]"
        if r < 0.83:
            return self.display(depth)
        if r < 0.88:
            return self.comprehension(depth)
        if r < 0.90:
            return f"f'{{{self.pick(self.names)}!r:>3}}|{{show({self.pick(self.names)})}}'"
        if r < 0.92:
            return f"(lambda {self.pick(NAMES)}=1, *r: {sub()})({sub()})"
        if r < 0.94:
            return f"({self.pick(self.names)} := {sub()})"
        if r < 0.96:
            return f"C{self.random.randrange(2)}({sub()})"
        if r < 0.97:
            return f"(not {sub()})"
        if r < 0.98:
            return f"({sub()} {self.pick(COMPARISONS)} {self.pick(self.names)} {self.pick(COMPARISONS)} {sub()})"
        if r < 0.99:
            return self.call(sub)
        return f"{self.pick(['-', '+', '~'])}{self.pick(self.names)}"

    def call(self, sub):
        """A call of a function with parameters of all kinds, which shows what it got."""
        items = [sub() for _ in range(self.random.randrange(4))]
        if self.chance(0.4):
            items.append(f"*{self.pick(self.names)}")
        for name in self.random.sample(["p", "q", "r", "z"], self.random.randrange(3)):
            items.append(f"{name}={sub()}")
        if self.chance(0.3):
            items.append(f"**{self.pick(self.names)}" if self.chance(0.3) else "**{'r': 5}")
        return f"{self.pick(['takes', 'takes', 'takes_any', 'C1'])}({', '.join(items)})"

    def subscript(self):
        return self.pick(["0", "1", "-1", "'k'", "1:", ":2", "::-1", "::2", self.pick(self.names), "(1, 2)", "2:0:-1"])

    def display(self, depth):
        items = [self.expression(depth + 1) for _ in range(self.random.randrange(4))]
        if items and self.chance(0.2):
            items[0] = "*iter_list(" + items[0] + ")"
        if self.chance(0.3):
            return "{" + ", ".join(f"{self.pick(CONSTANTS[:6])}: {i}" for i in items if not i.startswith("*")) + "}"
        inside = ", ".join(items)
        return f"[{inside}]" if self.chance(0.5) else f"({inside},)" if items else "()"

    def iterable(self):
        return self.pick(["range(4)", "[1, 2, 3]", "'abc'", "(1.5, 2)", "{'p': 1, 'q': 2}", "{'p': 1, 'q': (2, 3)}.items()", "zip('ab', range(3))",
                          "enumerate([7, 8])", "make(3)", "[(1, 2), (3, 4)]", "reversed([1, 2])", "map(str, range(3))",
                          "sorted({3, 1})", f"iter_list({self.pick(self.names)})", f"iter_list({self.pick(self.names)})"])

    def comprehension(self, depth):
        name, other = self.pick(NAMES), self.pick(NAMES)
        target = name if self.chance(0.6) or name == other else f"{name}, {other}"
        tail = f"for {target} in {self.iterable()}"
        if self.chance(0.3):
            tail += f" if {self.expression(depth + 1)}"
        kept, self.names = self.names, self.names
        body = self.expression(depth + 1)
        self.names = kept
        if "yield" in body or ":=" in body or ":=" in tail:
            body, tail = name, f"for {target} in range(3)" if target == name else f"for {target} in [(1, 2)]"
        kind = self.random.randrange(4)
        return (f"[{body} {tail}]", f"list({body} {tail})", f"tuple([{body} {tail}])", f"{{show({name}): {body} {tail}}}")[kind]

    def target(self):
        r = self.random.random()
        if r < 0.6:
            return self.pick(self.names)
        if r < 0.7:
            return f"{self.pick(self.names)}.{self.pick(ATTRIBUTES)}"
        if r < 0.78:
            return f"{self.pick(self.names)}[{self.subscript()}]"
        if r < 0.9:
            return f"{self.pick(self.names)}, {self.pick(self.names)}"
        if r < 0.95:
            return f"{self.pick(self.names)}, *{self.pick(self.names)}"
        return f"({self.pick(self.names)}, {self.pick(self.names)}), {self.pick(self.names)}"

    # Statements

    def block(self, indent, count=None):
        self.depth += 1
        for _ in range(count or 1 + self.random.randrange(3)):
            self.statement(indent)
        self.depth -= 1

    def statement(self, indent):
        r = self.random.random()
        emit = self.emit
        if self.in_generator and self.chance(0.15):
            emit(indent, self.yielding())
            return
        if self.depth > 3:
            r *= 0.5
        if r < 0.42 and self.chance(0.75):  # most go on after an error
            emit(indent, "try:")
            self.simple(indent + 1, r)
            emit(indent, "except Exception as error:")
            emit(indent + 1, "print('~', type(error).__name__, str(error)[:150])")
            return
        if r < 0.42:
            self.simple(indent, r)
        elif r < 0.44:
            emit(indent, f"raise {self.pick(['ValueError(1)', 'KeyError', 'TypeError(a)', 'E(2)'])}")
        elif r < 0.46 and self.in_loop:
            emit(indent, self.pick(["break", "continue"]))
        elif r < 0.48:
            emit(indent, f"return {self.expression()}")
        elif r < 0.50 and self.in_generator:
            emit(indent, f"{self.pick(self.names)} = yield {self.expression()}")
        elif r < 0.62:
            emit(indent, f"if {self.expression()}:")
            self.block(indent + 1)
            if self.chance(0.4):
                emit(indent, "else:")
                self.block(indent + 1)
        elif r < 0.76:
            self.loop(indent)
        elif r < 0.88:
            self.handler(indent)
        elif r < 0.92:
            emit(indent, f"with Manager({self.expression()} is None) as {self.pick(self.names)}:")
            self.block(indent + 1)
        elif r < 0.945:
            self.match(indent)
        elif r < 0.96:
            self.group(indent)
        elif r < 0.975 and self.depth < 3:
            self.coroutine(indent)
        else:
            self.closure(indent)

    def yielding(self):
        """A statement that yields in one of many places."""
        name, value = self.pick(self.names), self.expression(1)
        return self.pick([f"{self.target()} = yield {value}", f"{name} = yield {value}", f"{name} = yield {name}", f"{name} += yield {value}",
                          f"{name} = yield from {self.iterable()}", f"{name} = yield from make(2)", f"{name} = [{name}, (yield {value}), {name}]",
                          f"print('sent', show((yield {value})))", "yield", f"{name} = {{'k': (yield), **{{'r': (yield {name})}}}}",
                          f"{name} = takes((yield 1), r={name})", f"{name} = f'{{(yield {name})!r:>5}}'", f"{name}.x = yield {value}",
                          f"{name} = (yield {value}) if {name} else (yield)", f"return (yield {name})"])

    def group(self, indent):
        emit = self.emit
        emit(indent, "try:")
        emit(indent + 1, f"raise ExceptionGroup('g', [ValueError({self.pick(CONSTANTS)}), {self.pick(['KeyError(1)', 'E(3)', 'TypeError()'])}])")
        for kind in self.random.sample(["ValueError", "(KeyError, E)", "TypeError", "Exception"], 1 + self.random.randrange(3)):
            emit(indent, f"except* {kind} as {self.pick(self.names)}:")
            loop, self.in_loop = self.in_loop, 0
            emit(indent + 1, f"print('group', show({self.pick(self.names)}))")
            if self.chance(0.3):
                emit(indent + 1, f"{self.pick(self.names)} = {self.expression()}")
            self.in_loop = loop

    def coroutine(self, indent):
        """An async function in place, which is run at once."""
        self.counter += 1
        name = f"co{self.counter}"
        emit = self.emit
        emit(indent, f"async def {name}({self.pick(NAMES)}=3):")
        kept = self.in_loop, self.in_generator
        self.in_loop = self.in_generator = 0
        if self.chance(0.4):
            emit(indent + 1, f"async for {self.target()} in Later({self.expression()}):")
            self.block(indent + 2, 1)
        if self.chance(0.4):
            emit(indent + 1, f"async with Later({self.expression()}) as {self.pick(self.names)}:")
            self.block(indent + 2, 1)
        emit(indent + 1, f"{self.pick(self.names)} = await Later({self.expression()})")
        if self.chance(0.3):
            emit(indent + 1, f"{self.pick(self.names)} = [i async for i in Later(1)]")
        emit(indent + 1, f"return ({self.pick(self.names)}, {self.expression()})")
        self.in_loop, self.in_generator = kept
        emit(indent, f"{self.pick(self.names)} = run_coroutine({name}({self.expression()}))")

    def simple(self, indent, r):
        emit = self.emit
        if r < 0.22:
            emit(indent, f"{self.target()} = {self.expression()}")
        elif r < 0.28:
            emit(indent, f"{self.pick(self.names)} {self.pick(['+', '-', '|', '%', '//'])}= {self.expression()}")
            emit(indent, f"{self.names[0]} = clip({self.names[0]})")
        elif r < 0.36:
            emit(indent, f"print({self.random.randrange(100)}, show({self.expression()}))")
        elif r < 0.37:
            emit(indent, f"{self.pick(self.names)} = drive({self.pick(['make(4)', self.pick(self.names), self.pick(self.names) + '.g()'])}, None, {self.expression()}, {self.pick(['1', 'ValueError(8)', 'E(1)'])})")
        elif r < 0.38:
            emit(indent, f"assert {self.expression()}, {self.expression()}")
        elif r < 0.40:
            emit(indent, self.expression())
        else:
            emit(indent, f"del {self.pick([self.pick(self.names), self.pick(self.names) + '.x', self.pick(self.names) + '[0]'])}")

    def loop(self, indent):
        emit = self.emit
        if self.chance(0.8):
            emit(indent, f"for {self.target()} in {self.iterable()}:")
        else:
            self.counter += 1
            emit(indent, f"n{self.counter} = 0")
            emit(indent, f"while n{self.counter} < 3 and ({self.expression()}, True)[1]:")
            emit(indent + 1, f"n{self.counter} += 1")
        self.in_loop += 1
        emit(indent + 1, "step()")
        if self.chance(0.3):  # a name taken apart in the body
            name = self.pick(self.names)
            emit(indent + 1, f"{self.pick(self.names)}, {self.pick(self.names)} = {name}")
        self.block(indent + 1)
        self.in_loop -= 1
        if self.chance(0.2):
            emit(indent, "else:")
            self.block(indent + 1)

    def handler(self, indent):
        emit = self.emit
        emit(indent, "try:")
        self.block(indent + 1)
        kinds = self.random.sample(["ValueError", "(TypeError, KeyError)", "AttributeError", "Exception", "LookupError"], 1 + self.random.randrange(2))
        if self.chance(0.85):
            for kind in kinds:
                name = self.pick(self.names)
                emit(indent, f"except {kind} as {name}:" if self.chance(0.6) else f"except {kind}:")
                if self.chance(0.3):
                    emit(indent + 1, f"print('caught', show({name}))")
                self.block(indent + 1)
                if self.chance(0.15):
                    emit(indent + 1, "raise")
            if self.chance(0.2):
                emit(indent, "else:")
                self.block(indent + 1)
            if not self.chance(0.3):
                return
        emit(indent, "finally:")
        kept, self.in_loop = self.in_loop, 0  # leaving a finally by a jump is a warning of the compiler
        self.depth += 2
        emit(indent + 1, f"print('finally', show({self.pick(self.names)}))")
        self.depth -= 2
        self.in_loop = kept

    def match(self, indent):
        emit = self.emit
        emit(indent, f"match {self.expression()}:")
        a, b = self.random.sample(NAMES, 2)
        for pattern in self.random.sample(["1 | 2", "'s'", f"[{a}, {b}]", f"[{a}, *{b}]", f"{{'k': {a}}}", f"{{'k': {a}, **{b}}}", f"C0(x={a})", f"int() as {a}",
                                           f"str({a})", f"({a}, ({b}, 2))", f"None"], 1 + self.random.randrange(3)):
            emit(indent + 1, f"case {pattern}{' if ' + self.expression() if self.chance(0.2) else ''}:")
            self.block(indent + 2)
        if self.chance(0.4):
            emit(indent + 1, "case _:")
            self.block(indent + 2)

    def closure(self, indent):
        self.counter += 1
        name, shared = f"h{self.counter}", self.pick(self.names)
        self.emit(indent, f"def {name}({self.pick(NAMES)}=None):")
        inner = self.lines[-1]
        loop, generator = self.in_loop, self.in_generator
        self.in_loop = self.in_generator = 0
        if self.chance(0.4) and f"({shared}=" not in inner and self.depth < 3:
            self.emit(indent + 1, f"nonlocal {shared}")
        self.block(indent + 1)
        self.in_loop, self.in_generator = loop, generator
        self.emit(indent, f"{self.pick(self.names)} = {name}({self.expression()})")

    # Programs

    def one_class(self, number):
        emit = self.emit
        base = "" if number == 0 or self.chance(0.4) else "(C0)"
        emit(0, f"class C{number}{base}:")
        slots = not base and self.chance(0.25)
        if slots:
            emit(1, "__slots__ = ('x', 'y', 'w')")
        elif self.chance(0.4):
            emit(1, f"{self.pick(ATTRIBUTES[1:])} = {self.pick(CONSTANTS)}")
        emit(1, f"def __init__(self, a, b=None): self.x = a{'; self.y = b' if self.chance(0.5) else ''}")
        emit(1, "def state(self): return type(self).__name__ + show({n: getattr(self, n) for n in ('x', 'y', 'w') if hasattr(self, n) and not callable(getattr(self, n))}, 2)")
        choices = ["def m(self, a, k=0): return (self.x, a, k)", "@property\n    def z(self): return self.x", "@staticmethod\n    def s(a): return ('s', a)",
                   "@classmethod\n    def k(cls, a): return (cls.__name__, a)", "def g(self):\n        self.x = yield self.x\n        yield 2", "def g(self):\n        try:\n            self.x = yield self.x\n        except ValueError as e: yield (show(e), self.x)\n        finally: self.w = 'done'",
                   "def __eq__(self, o): return isinstance(o, C0) and self.x == o.x", "def __len__(self): return 2", "def __getitem__(self, i):\n        if type(i) is int and i > 3: raise IndexError(i)\n        return (show(i), self.x)",
                   "def __add__(self, o): return ('add', self.x, show(o))", "def __radd__(self, o): return ('radd', show(o), self.x)",
                   "def __iter__(self): return iter([self.x, 9])", "def __contains__(self, o): return o == self.x", "def __bool__(self): return self.x != 1",
                   "def __lt__(self, o): return True", "def __call__(self, *a): return ('call', len(a))", "def __getattr__(self, n): return n if n == 'w' else object.__getattribute__(self, n)",
                   "def __setitem__(self, i, v): self.x = (i, show(v))", "def __hash__(self): return 11", "def __iadd__(self, o): self.x = show(o); return self",
                   "def __setattr__(self, n, v): object.__setattr__(self, n, ('set', show(v)) if n == 'y' else v)"]
        for text in self.random.sample(choices, 3 + self.random.randrange(6)):
            emit(1, text)
        emit(0, "")

    def function(self, number):
        generator = self.chance(0.4)
        parameters = self.random.sample(NAMES, 1 + self.random.randrange(3))
        self.names = list(NAMES) if self.chance(0.3) else parameters + self.random.sample([n for n in NAMES if n not in parameters], 1)
        text = ", ".join(p if i == 0 or self.chance(0.5) else f"{p}=1" for i, p in enumerate(parameters))
        if "=1," in text:  # no parameter without a default behind one that has
            text = ", ".join(parameters)
        self.emit(0, f"def f{number}({text}):")
        if generator:
            self.emit(1, f"yield {self.pick(CONSTANTS)}")
        for name in self.names:
            if name not in parameters and self.chance(0.9):
                self.emit(1, f"{name} = {self.pick(CONSTANTS)}")
        self.in_generator = generator
        self.block(1, 3 + self.random.randrange(4))
        self.in_generator = 0
        self.names = list(NAMES)
        self.emit(0, "")
        return len(parameters), generator

    def program(self):
        self.emit(0, PRELUDE)
        self.emit(0, "class E(Exception): pass")
        for number in range(2):
            self.one_class(number)
        shapes = [self.function(number) for number in range(3)]
        self.emit(0, "def run(f, *arguments):\n    try:\n        r = f(*arguments)\n        if type(r).__name__ == 'generator':\n            g, r = r, play(r) if CHANCE[0] & 0x30000 else [i for i, _ in zip(r, range(12))]\n"
                     "            g.close()\n"
                     "        print('->', show(r))\n    except Exception as e:\n        print('!!', type(e).__name__, str(e)[:200])\n")
        for number, (count, _) in enumerate(shapes):
            for _ in range(3):
                arguments = ", ".join(self.pick(ARGUMENTS) for _ in range(count))
                for _ in range(1 + self.random.randrange(3)):
                    self.emit(0, f"run(f{number}, {arguments})")
        return "\n".join(self.lines) + "\n"


def make(number):
    """The text of program `number`; the same on every Python."""
    for attempt in range(20):
        text = Maker(number * 20 + attempt).program()
        try:
            compile(text, "program", "exec")
        except SyntaxError:
            continue
        return text
    return "print('no program')\n"


def main():
    import warnings

    warnings.simplefilter("ignore")
    first, count = int(sys.argv[1]), int(sys.argv[2])
    for number in range(first, first + count):
        sys.stdout.write("\0")
        sys.stdout.flush()
        try:
            exec(compile(make(number), f"program {number}", "exec"), {"__name__": "program"})
        except BaseException as e:  # a class body or a default may fail: the same way everywhere
            print("program:", type(e).__name__, e)


if __name__ == "__main__":
    main()
