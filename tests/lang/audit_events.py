"""sys.addaudithook: what is told before things happen, and that a hook can forbid them."""
import fcntl
import gc
import marshal
import os
import socket
import sys
import tempfile
import time
import _thread

seen = []
forbidden = set()


def hook(event, args):
    if event.startswith(("os.", "open", "time.", "socket.", "fcntl.", "marshal.", "gc.", "exec", "compile", "builtins.", "sys.",
                         "object.", "_thread.")):
        seen.append((event, args))
    if event in forbidden:
        raise RuntimeError(f"no {event}")


def show(*hide):
    for event, args in seen:
        if event not in hide:
            print(event, args)
    seen.clear()


folder = tempfile.mkdtemp()
os.chdir(folder)
sys.addaudithook(hook)

seen.clear()
with open("a", "wb") as f:
    fcntl.flock(f.fileno(), fcntl.LOCK_EX)
    fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
os.close(os.open("a", os.O_RDONLY))
os.mkdir("d", 0o700)
os.rename("a", "b")
os.replace("b", b"c")
os.symlink("c", "s")
os.link("c", "l")
os.chmod("c", 0o600)
os.chown("c", -1, -1)
os.utime("c", (1, 2))
os.truncate("c", 0)
os.listdir("d")
os.scandir(".").close()
os.putenv("A", "é")
os.unsetenv("A")
os.system("true")
os.rmdir("d")
for name in ("c", "s", "l"):
    os.remove(name)
os.kill(os.getpid(), 0) if False else None
time.sleep(0)
marshal.loads(marshal.dumps([1]))
seen[:] = [(e, args[1:] if e == "marshal.loads" else args) for e, args in seen]
show("os.kill")
gc.get_objects(generation=1)
gc.get_referrers(None)
gc.get_referents((), 1)
sys._getframemodulename()
sys.settrace(None)
sys.setprofile(None)
show()
socket.gethostname()
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.close()
show("socket.bind", "socket.__new__")


class A: pass


class B: pass


def function(a=1, *, b=2): pass


A.__name__ = "X"
A.attribute = 1
x = B()
x.__class__ = A
function.__defaults__ = (3,)
print([(event, args[1]) for event, args in seen])
seen.clear()
print(eval("1 + 1"))
exec("pass")
compile(b"2", "name", "eval")
show("exec")

forbidden.add("os.remove")
open("kept", "w").close()
try:
    os.remove("kept")
except RuntimeError as e:
    print(e, os.path.exists("kept"))
forbidden.clear()
os.remove("kept")
os.rmdir(folder)

forbidden.add("sys.addaudithook")
sys.addaudithook(print)
sys.audit("mine", 1, 2)
