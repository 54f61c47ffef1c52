"""What a program left in builtins and sys is finalized at exit, while the modules are whole."""
import subprocess
import sys

code = """
import builtins, os, sys

class A:
    def __init__(self, name):
        self.name = name
    def __del__(self, write=os.write):
        write(1, b"del %s, globals %s\\n" % (self.name.encode(), b"emptied" if os is None else b"whole"))
    def __call__(self, *args):
        pass

class Out:
    def __init__(self, file):
        self.file = file
    def write(self, text):
        return self.file.write(text)
    def flush(self):
        self.file.flush()
    def __del__(self, write=os.write):
        write(1, b"del out, globals %s\\n" % (b"emptied" if os is None else b"whole"))

builtins.mine = A("builtins.mine")
builtins._ = A("builtins._")
for name in "last_value", "last_exc", "ps1", "excepthook", "displayhook":
    setattr(sys, name, A(name))
sys.path_hooks.append(A("path hook"))
sys.stdout = Out(sys.stdout)
print("the end")
"""
done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
print(*sorted(done.stdout.splitlines()), sep="\n")
print(done.returncode, done.stderr)
