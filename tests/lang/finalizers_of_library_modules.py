"""What the program left in modules of the library is finalized at the end, while the program's own modules are whole."""
import subprocess
import sys

PROGRAM = """
import sys, textwrap, typing, collections, re
class Left:
    def __del__(self):
        print("finalized", collections and re and helper())
def helper():
    return "whole"
left = Left()
"""

for name, way in [
    ("traceback", "import traceback; traceback.left = left"),
    ("linecache", "import linecache; linecache.left = left"),
    ("what traceback imports", "import traceback; textwrap.left = left"),
    ("a cache of typing", "class Holder: held = left\ntyping.Optional[Holder]\ndel Holder"),
    ("a function that threading called", "import concurrent.futures.thread, logging; logging.left = left"),
    ("an entry that is no module", "sys.modules['left'] = left"),
]:
    done = subprocess.run([sys.executable, "-c", PROGRAM + way + "\ndel left\n"], capture_output=True, text=True)
    print(name, done.stdout, done.stderr, sep=": ")

PROGRAM = PROGRAM.replace("collections and re and helper()", "")
for name, way in [
    ("warnings", "import warnings; warnings.left = left"),
    ("io", "import io; io.left = left"),
    ("showwarning", "import warnings; warnings.showwarning = lambda *a, left=left: None"),
    ("breakpointhook", "sys.breakpointhook = lambda left=left: None"),
    ("excepthook", "sys.excepthook = lambda *a, left=left: None"),
]:
    done = subprocess.run([sys.executable, "-c", PROGRAM + way + "\ndel left\n"], capture_output=True, text=True)
    print(name, done.stdout, done.stderr, sep=": ")

# An event loop that asyncio's hook for forks keeps until its modules are empty
done = subprocess.run([sys.executable, "-c", "import asyncio; asyncio.set_event_loop(asyncio.new_event_loop()); print('left open')"],
                      capture_output=True, text=True)
print(done.stdout, done.stderr)
