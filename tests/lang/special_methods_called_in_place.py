"""__bool__, __len__, __contains__, __setattr__, __set__ and property setters written in Python: results, errors, tracebacks, loops."""
import sys
import traceback


class Truth:
    def __repr__(self): return "<truth>"
    def __init__(self, value): self.value = value
    def __bool__(self):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class Sized(Truth):
    __bool__ = None
    def __len__(self):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class Length:
    def __init__(self, value): self.value = value
    def __len__(self):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class Index:
    def __index__(self): return 5


class Container(Truth):
    def __contains__(self, item):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value if item else 0


class Named(list):
    def __len__(self): return 7
    def __contains__(self, item): return item == "named"


class Setting:
    log = []
    def __setattr__(self, name, value):
        if name == "bad":
            raise AttributeError(name)
        Setting.log.append((name, value))
        object.__setattr__(self, name, value)
        return "ignored"


class Checked:
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, instance, owner): return self if instance is None else getattr(instance, self.name)
    def __set__(self, instance, value):
        if value < 0:
            raise ValueError("negative")
        setattr(instance, self.name, value)


class Account:
    balance = Checked()
    @property
    def limit(self): return self._limit
    @limit.setter
    def limit(self, value):
        if value == 13:
            raise ValueError("unlucky")
        self._limit = value
    @property
    def fixed(self): return 1


def show(f):
    try:
        print(f.__name__, repr(f()))
    except Exception as e:
        print(f.__name__, type(e).__name__, e, [x.name for x in traceback.extract_tb(e.__traceback__)])


def truths():
    for v in (True, False, 1, None, "x", ValueError("inside")):
        t, c = Truth(v), Container(v)
        show(lambda: bool(t))
        show(lambda: not t)
        show(lambda: 1 if t else 2)
        show(lambda: t and 3)
        show(lambda: t or 4)
        show(lambda: 1 in c)
        show(lambda: 0 not in c)
        show(lambda: [x for x in (1, 2) if t])
        show(lambda: [x for x in (0, 2) if x in c])
    for v in (0, 1, 3, -1, True, 2.5, None, "x", 1 << 70, Index(), KeyError("inside")):
        l = Length(v)
        show(lambda: len(l))
        show(lambda: not l)
        show(lambda: 1 if l else 2)
        show(lambda: len(obj=l))
    show(lambda: bool(Sized(1)))
    show(lambda: NotImplemented in Container(NotImplemented))
    show(lambda: 1 in Container(NotImplemented))
    n = Named("abc")
    print(len(n), bool(n), "named" in n, "a" in n, not n)


def setters():
    for i in range(40):
        s, a = Setting(), Account()
        s.x, s.y = i, -i
        a.limit, a.balance = i + 20, i
    print(len(Setting.log), Setting.log[-2:], a.limit, a.balance, vars(s), vars(a))
    def bad(): s.bad = 1
    def negative(): a.balance = -1
    def unlucky(): a.limit = 13
    def fixed(): a.fixed = 2
    for f in (bad, negative, unlucky, fixed):
        show(f)
    Account.limit = property(lambda self: "new", lambda self, value: print("new setter", value))
    a.limit = 3
    print(a.limit)
    Checked.__set__ = lambda self, instance, value: print("other set", value)
    a.balance = 4
    del Checked.__set__
    a.balance = 5
    print(vars(a)["balance"])
    Setting.__setattr__ = lambda self, name, value: print("other setattr", name)
    s.x = 3
    del Setting.__setattr__
    s.x = 4
    print(s.x)


def recursive():
    class Endless:
        def __bool__(self): return not self
        def __contains__(self, item): return item in self
        def __len__(self): return len(self)
        def __setattr__(self, name, value): self.other = value
    def set_it(): Endless().x = 1
    for f in (lambda: bool(Endless()), lambda: 1 in Endless(), lambda: len(Endless()), set_it):
        try:
            f()
        except RecursionError as e:
            print("RecursionError")


def generator():
    s, a, t, l, c = Setting(), Account(), Truth(True), Length(4), Container(True)
    for i in range(3):
        s.x = yield bool(t)
        a.limit = yield len(l)
        a.balance = yield 1 in c
        yield s.x, a.limit, a.balance, not t, not l, 0 not in c


def traced():
    events = []
    def trace(frame, event, argument):
        if frame.f_code.co_name in ("__bool__", "__len__", "__contains__", "__setattr__", "__set__", "limit", "run"):
            events.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
        return trace
    def run(s, a, t, l, c):
        s.x = 1
        a.limit = 3
        if t:
            pass
        return len(l), 1 in c, not l
    sys.settrace(trace)
    try:
        run(Setting(), Account(), Truth(True), Length(4), Container(True))
    finally:
        sys.settrace(None)
    print(events)


truths()
g = generator()
print(next(g), [g.send(i) for i in range(11)])
traced()
setters()
recursive()
