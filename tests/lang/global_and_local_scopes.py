import builtins

value = "module"


def reads(): return value


def shadows():
    value = "local"
    return value, globals()["value"]


def assigns():
    global value, created
    value = "changed"
    created = "new"


print(reads(), shadows())
assigns()
print(value, created)


def unbound():
    try:
        print(value)
    except UnboundLocalError as e:
        print(e)
    value = 1
    del value
    try:
        value
    except UnboundLocalError as e:
        print(e)


unbound()


def outer():
    x = "outer"
    def middle():
        def inner():
            nonlocal x
            x += " changed"
            return x
        return inner
    return middle()(), x


print(outer())
len = lambda x: "shadowed"
print(len([]))
del len
print(len([]))
builtins.shout = str.upper
print(shout("builtin"))
del builtins.shout
try:
    shout("gone")
except NameError as e:
    print(e)


def scopes():
    a = 1
    exec("a = 2; b = 3")
    print(a, sorted(locals()), eval("a + 1"))
    ns = {}
    exec("def f(): return a\na = 5", ns)
    print(ns["f"](), [eval("a") for _ in range(1)])


scopes()
for bad in ("def f():\n x = 1\n global x", "def f(x):\n nonlocal x", "nonlocal y", "def f():\n nonlocal zzz", "def f(x):\n global x",
            "class A:\n x = 1\n global x", "def f():\n print(q)\n global q", "def f(a, a): pass", "x = 1\nglobal x\n", "lambda a, a: 0"):
    try:
        exec(bad)
        print("accepted")
    except SyntaxError as e:
        print(e.msg, e.lineno)
print(dir() == sorted(globals()), "__name__" in globals(), vars() is globals(), __builtins__ is builtins,
    __doc__, __spec__)
