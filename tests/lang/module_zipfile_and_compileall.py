# -m zipfile, -m compileall and -m py_compile do their work and exit as they should.
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def run(*args):
    p = subprocess.run([sys.executable, "-m", *args], capture_output=True, text=True, cwd=d)
    text = (p.stdout + p.stderr).replace(d, "DIR").replace(sys.executable, "EXE")
    print(args, p.returncode, re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "DATE", text).splitlines(), sep="\n  ")


with tempfile.TemporaryDirectory() as d:
    d = os.path.realpath(d)
    pathlib.Path(d, "good.py").write_text("print('good')\n")
    pathlib.Path(d, "bad.py").write_text("def f(:\n")
    run("zipfile", "-c", "a.zip", "good.py", "bad.py")
    run("zipfile", "-l", "a.zip")
    run("zipfile", "-t", "a.zip")
    run("zipfile", "-e", "a.zip", "out")
    print(sorted(os.listdir(os.path.join(d, "out"))))
    run("compileall", "-q", "good.py")
    run("compileall", "out")
    print(sorted(re.sub(r"\.[a-z]+-\d+\.", ".TAG.", name) for name in os.listdir(os.path.join(d, "out", "__pycache__"))))
    run("py_compile", "good.py")
    run("py_compile", "bad.py")
    os.remove(os.path.join(d, "good.py"))
