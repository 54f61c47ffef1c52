import traceback


def show(code):
    try:
        exec(compile(code, "<code>", "exec"), {})
    except BaseException as e:
        print("".join(traceback.format_exception(e)).split("in <module>\n", 1)[-1].rstrip())
        print("-" * 20)


for code in ("x = 1\nprint(xx)", "import math\nmath.sqr(2)", "class A:\n    foo = 1\nA().fooo", "from math import sqr", "def f(a, b): pass\nf(1)", "def f(a): pass\nf(1, b=2)", "[].appendd", "import sys\nsys.pth", "self.x",
             "def g():\n    self.x\ng()", "time.sleep", "a = {}\na.b.c", "None.x", "'a'.foo()", "(1).real.x", "1()", "[1](0)", "(1, 2)[1, 2]", "{}['a']['b']", "[1, 2][5]", "'abc'[1.0]", "{[]: 1}", "a, b = 1", "a, b = [1, 2, 3]",
             "for x in 5: pass", "with 5: pass", "raise 5", "assert 0, 'm'", "import nope.x", "int('x')", "'%d' % 'x'", "f = lambda: g()\ndef g(): 1/0\nf()", "x: int\nprint(x)", "del y", "1 + '1'", "'1' + 1", "[] + ()", "-'a'",
             "1 < 'a'", "not_defined()", "class A:\n  def f(self): f()\nA().f()", "print(foo.bar)", "import collections\ncollections.ordereddict", "def f():\n  yield 1\nnext(f)", "*a, b = ()",
             "{**[]}", "print(*1)", "f = 1\nf(x=1)", "class A(1): pass", "class A(int, str): pass", "class A: __slots__ = 'a'\nA().b = 1", "range(1, 2, 0)", "chr(-1)", "open('/nonexistent/file')", "True.x", "len(1)", "super().f()", "max()",
             "import os.nope", "from os import nope, path", "from nope import x", "import json\njson.loads('{')", "raise ValueError('multi\\nline')", "raise KeyError('k')", "raise OSError(2, 'msg', 'file')", "raise Exception", "raise SystemExit(1)"):
    show(code)
