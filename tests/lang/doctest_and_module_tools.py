import doctest, pathlib, subprocess, sys, os, tempfile, json
def run(*a, inp="", cwd=None):
    p = subprocess.run([sys.executable, *a], input=inp, capture_output=True, text=True, cwd=cwd)
    print(a, p.returncode)
    print((p.stdout + p.stderr).replace(sys.executable, "EXE").replace(str(cwd), "DIR")
        .replace(os.path.basename(sys.executable) + " -m", "EXE -m"))
with tempfile.TemporaryDirectory() as d:
    w = lambda n, t: pathlib.Path(d, n).write_text(t)
    w("dt.py",
        'def sq(x):\n    """\n    >>> sq(3)\n    9\n    >>> sq("a")\n    Traceback (most recent call last):\n      ...\n    TypeError: can\'t multiply sequence by non-int of type \'str\'\n    >>> sq(2)\n    5\n    >>> print("a b", end="")  # doctest: +NORMALIZE_WHITESPACE\n    a    b\n    >>> [1, 2, 3]  # doctest: +ELLIPSIS\n    [1, ..., 3]\n    """\n    return x * x\n')
    run("-m", "doctest", "dt.py", cwd=d)
    w("t_x.py", "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n")
    p = subprocess.run([sys.executable, "-m", "unittest", "-q", "t_x"], cwd=d, capture_output=True, text=True)
    print(p.returncode, "OK" in p.stderr)
    run("-m", "json.tool", "--sort-keys", inp='{"b": [1, 2], "a": null}')
    run("-m", "json.tool", inp="{bad")
    run("-m", "json.tool", "--compact", inp='{"b": [1, 2]}')
    run("-m", "base64", "-e", inp="hello")
    run("-m", "calendar", "2024", "2")
    run("-m", "compileall", "-q", "dt.py", cwd=d)
    print(len(os.listdir(os.path.join(d, "__pycache__"))))
    run("-m", "tabnanny", "-v", "dt.py", cwd=d)
    run("-m", "tokenize", inp="x = 1\n")
    run("-m", "ast", inp="x = 1\n")
    run("-m", "zipfile", "-c", "z.zip", "dt.py", cwd=d)
    run("-m", "py_compile", "nope.py", cwd=d)
    run("-m", "gzip", "-h")
    w("prog.py", "def f(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\nprint(f(3))\n")
    run("-m", "pdb", "prog.py",
        inp="b f\nc\np n\nn\nn\np t\nw\nbt\nl\nr\np __return__\nwhatis n\nargs\nc\nq\n", cwd=d)
    run("-m", "venv", "--without-pip", "env", cwd=d)
    print(sorted(os.listdir(os.path.join(d, "env"))),
        "home = " in open(os.path.join(d, "env", "pyvenv.cfg")).read())
    p = subprocess.run(
        [os.path.join(d, "env", "bin", "python"), "-c", "import sys; print(sys.prefix != sys.base_prefix)"],
        capture_output=True, text=True)
    print(p.stdout, p.returncode)
def example(n):
    """
    >>> example(2)
    [0, 1]
    >>> example(0)
    []
    """
    return list(range(n))
print(doctest.testmod(), doctest.script_from_examples(">>> 1+1\n2\n"))
