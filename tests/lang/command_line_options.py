import subprocess, sys
def run(*args, inp="", **env):
    import os
    p = subprocess.run([sys.executable, *args], input=inp, capture_output=True, text=True,
        env={**os.environ, **env})
    print(args, env, "->", p.returncode, p.stdout.strip().replace(sys.executable, "EXE"),
        p.stderr.strip().replace(sys.executable, "EXE").splitlines()[-1:])
run("-c", "import sys; print(sys.argv, sys.flags.optimize, __debug__)", "a", "-b")
run("-O", "-c", "assert False; print(__debug__)")
run("-OO", "-c", "def f(): 'doc'\nprint(f.__doc__)")
run("-c", "import sys; sys.exit(7)")
run("-c", "import sys; sys.exit('message')")
run("-c", "raise SystemExit")
run("-c", "1/0")
run("-c", "import sys; sys.exit([1])")
run("-W", "error", "-c", "import warnings; warnings.warn('w')")
run("-W", "ignore", "-c", "import warnings; warnings.warn('w'); print('quiet')")
run("-X", "utf8", "-c", "import sys; print(sys.flags.utf8_mode)")
run("-I", "-c", "import sys; print(sys.flags.isolated, sys.flags.no_user_site, sys.flags.ignore_environment)")
run("-S", "-c", "import sys; print('site' in sys.modules)")
run("-B", "-c", "import sys; print(sys.dont_write_bytecode)")
run("-c", "import sys; print(sys.warnoptions, sys._xoptions)", PYTHONWARNINGS="always")
run("-E", "-c", "import sys; print(sys.warnoptions)", PYTHONWARNINGS="always")
run("-X", "dev", "-X", "name=val", "-c", "import sys; print(sys._xoptions, sys.flags.dev_mode)")
run("-c", "import sys; print(sys.version_info[:2], sys.byteorder, sys.maxsize)")
run("nofile_here.py")
run("-m", "no_such_module_x")
run("-x", "-c", "print('x ignored')")
run("-Z")
run("-c")
run("-P", "-c", "import sys; print('' in sys.path)")
run("-c", "import sys; print('' in sys.path)")
run("-q", "-", inp="print('from stdin')")
run("-u", "-c", "import sys; print(sys.stdout.write_through)")
run("-b", "-c", "print(b'a' == 'a')")
run("-bb", "-c", "print(b'a' == 'a')")
run("-c", "print('é')", PYTHONIOENCODING="ascii:backslashreplace")
run("-s", "-c", "import sys; print(sys.flags.no_user_site)")
run("-c", "import os; os._exit(9)")
run("-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
run("-i", "-c", "x = 5", inp="print(x + 1)\n")
run("-c", "import sys; print(len(sys.path) > 1)", PYTHONPATH="/nonexistent")
run("-R", "-c", "import sys; print(sys.flags.hash_randomization)", PYTHONHASHSEED="0")
import os, pathlib, tempfile
with tempfile.TemporaryDirectory() as d:
    pathlib.Path(d, "m.py").write_text("import sys; print('compiled', sys.argv[1:], type(__loader__).__name__)")
    subprocess.run([sys.executable, "-c", "import py_compile; py_compile.compile('m.py', 'm.pyc')"], cwd=d)
    p = subprocess.run([sys.executable, "m.pyc", "a"], cwd=d, capture_output=True, text=True)
    print(p.returncode, p.stdout, p.stderr)
    p = subprocess.run([sys.executable, "-v", "-c", "import colorsys"], cwd=d, capture_output=True, text=True)
    print(p.returncode, "import 'colorsys' # <_frozen_importlib_external.SourceFileLoader" in p.stderr)
for a in (sys.flags, sys.version_info):
    for call in (lambda: type(a)((1,)), lambda: type(a).__new__(type(a), (1,))):
        try:
            call()
        except TypeError as e:
            print(e)
