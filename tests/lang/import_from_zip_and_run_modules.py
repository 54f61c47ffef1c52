import sys, os, tempfile, zipfile, runpy, subprocess

def put(path, mode, data):
    with open(path, mode) as f:
        f.write(data)


with tempfile.TemporaryDirectory() as d:
    z = os.path.join(d, "lib.zip")
    with zipfile.ZipFile(z, "w", zipfile.ZIP_DEFLATED) as f:
        f.writestr("zmod.py", "def hi(): return 'from zip ' + __name__\n")
        f.writestr("zpkg/__init__.py", "V = 1\n")
        f.writestr("zpkg/m.py", "W = 2\n")
        f.writestr("zpkg/data.txt", "resource text")
        f.writestr("__main__.py", "import sys, zmod; print('zip main', sys.argv[1:], zmod.hi())\n")
    sys.path.insert(0, z)
    import zmod, zpkg.m
    print(zmod.hi(), zpkg.V + zpkg.m.W, zmod.__file__ == os.path.join(z, "zmod.py"),
        type(zmod.__loader__).__name__)
    import pkgutil, importlib.resources
    print(pkgutil.get_data("zpkg", "data.txt"),
        importlib.resources.files("zpkg").joinpath("data.txt").read_text())
    def run(*args, **kw):
        p = subprocess.run([sys.executable, *args], capture_output=True, text=True, cwd=d, **kw)
        print(p.stdout.replace(d, "DIR"),
            p.stderr.replace(d, "DIR").replace(sys.executable, "EXE").splitlines()[-1:], p.returncode)
    run(z, "a", "b")
    os.makedirs(d + "/app/inner")
    put(d + "/app/__init__.py", "w", "")
    put(d + "/app/__main__.py", "w", "import sys; from . import util; print('main', __name__, __package__, util.U, len(sys.argv))")
    put(d + "/app/util.py", "w", "U = 'util'\nif __name__ == '__main__': print('run as script', __spec__.name)\n")
    run("-m", "app", "x")
    run("-m", "app.util")
    run("app/util.py")
    run("-m", "nope")
    run("-m", "app.inner")
    run("-c", "print(__name__, __file__ if '__file__' in globals() else 'nofile')")
    run("-", input="print('stdin program')")
    print(sorted(k for k in runpy.run_path(d + "/app/util.py") if not k.startswith("_")),
        runpy.run_module("zmod")["hi"]())
