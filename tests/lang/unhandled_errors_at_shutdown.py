import atexit
import re
import subprocess
import sys


def run(code, *options):
    p = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True)
    print(p.returncode, *(re.sub("0x[0-9a-f]+", "0xN", repr(text)) for text in (p.stdout, p.stderr.splitlines())))


run("import atexit\natexit.register(print, 'one')\natexit.register(lambda: 1 / 0)\natexit.register(print, 'two', sep='')")
run("import sys\nsys.stdout.close()\nprint('x')")
run("import sys\nsys.exit(256 + 3)")
run("import sys\nsys.exit(-1)")
run("import sys\nsys.exit(2**70)")
run("import sys\nsys.exit(None)")
run("import sys\nsys.exit(1.5)")
run("raise SystemExit('bye', 2)")
run("class E(BaseException): pass\nraise E('base')")
run("import sys\ndef hook(*a): 1 / 0\nsys.excepthook = hook\nraise ValueError('original')")
run("import sys\ndel sys.excepthook\nraise ValueError('no hook')")
run("import sys\nsys.stderr = None\nraise ValueError('silent')")
run("import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.05), print('late thread'))).start()\nprint('main done')")
run("import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()\nprint('daemon left')")
run("import os\nos.write(1, b'raw\\n')\nprint('buffered')\nos._exit(0)")
run("import sys\nsys.unraisablehook = lambda u: print('unraisable', u.exc_type.__name__, u.err_msg)\nclass A:\n    def __del__(self): 1 / 0\na = A()\ndel a\nimport gc\ngc.collect()")
run("import signal, os\nos.kill(os.getpid(), signal.SIGKILL)")
run("def f():\n    raise KeyError('in f')\nf()")
run("import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.stdout.flush()\nos")
atexit.register(print, "registered", "last", sep="-")
atexit.register(print, "runs first")
gone = atexit.register(print, "never")
atexit.unregister(gone)
