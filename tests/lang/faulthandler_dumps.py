# What faulthandler writes: of the current thread, of all threads, after some time, at a signal, and at the end.
import faulthandler
import gc
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time


def shown(f):
    f.seek(0)
    text = re.sub(r"0x[0-9a-f]+", "0xN", f.read())
    text = re.sub(r" \[[^]]*\]", "", text).replace(os.path.dirname(os.__file__), "LIB").replace(__file__, "FILE")
    print(re.sub(r'("LIB.*line )\d+', r"\1N", text), end="")
    f.seek(0)
    f.truncate()


def inner(é, f):
    faulthandler.dump_traceback(f, all_threads=False)


def worker(ready, go):
    ready.set()
    go.wait()


with tempfile.TemporaryFile("w+") as f:
    inner(1, f)
    shown(f)
    faulthandler.dump_traceback(file=f.fileno(), all_threads=False)
    shown(f)
    # Otherwise the waiting thread may be the one that collects, and callbacks of weak references show in its traceback.
    gc.collect()
    ready, go = threading.Event(), threading.Event()
    t = threading.Thread(target=worker, args=(ready, go))
    t.start()
    ready.wait()
    time.sleep(0.1)
    faulthandler.dump_traceback(f)
    go.set()
    t.join()
    shown(f)
    faulthandler.dump_traceback_later(0.1, file=f)
    time.sleep(0.5)
    shown(f)
    faulthandler.dump_traceback_later(0.1, file=f)
    print(faulthandler.cancel_dump_traceback_later())
    time.sleep(0.3)
    shown(f)
    signal.signal(signal.SIGUSR1, lambda *a: print("Python's handler"))
    print(faulthandler.register(signal.SIGUSR1, f, chain=True))
    os.kill(os.getpid(), signal.SIGUSR1)
    shown(f)
    print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))
    print(faulthandler.is_enabled(), faulthandler.enable(f), faulthandler.is_enabled(), faulthandler.disable(),
          faulthandler.disable())

for call in ("dump_traceback('x')", "dump_traceback(-1)", "register(11)", "register(1000)", "dump_traceback_later(0)",
             "dump_traceback_later('x')", "unregister(11)", "unregister(10)", "dump_traceback(2, 3, 4)"):
    try:
        print(call, eval("faulthandler." + call))
    except Exception as e:
        print(call, type(e).__name__, e)

for options, code in (([], "import faulthandler; faulthandler.enable(); faulthandler._sigsegv()"),
                      (["-X", "faulthandler"], "import faulthandler\ndef f():\n    faulthandler._sigabrt()\nf()"),
                      (["-X", "faulthandler"], "import faulthandler; faulthandler._read_null()"),
                      ([], "import faulthandler; faulthandler.enable(); faulthandler._sigfpe()")):
    p = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True)
    lines = [line for line in p.stderr.splitlines() if not line.startswith(("Extension modules", "  Binary", "  <"))]
    print(p.returncode, re.sub(r"0x[0-9a-f]+( \[.*?\])?", "0xN", "\n".join(lines)))
