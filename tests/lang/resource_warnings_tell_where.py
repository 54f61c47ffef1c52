"""The warning about a file or socket that was not closed says where it was opened while tracemalloc is on, else how to learn that."""
import os
import subprocess
import sys
import tempfile

PROGRAM = """
import gc, os, socket, sqlite3

def open_file():
    return open(os.devnull)

kept = open_file()
kept = None
gc.collect()
kept = socket.socket()
kept = None
gc.collect()
kept = os.scandir("/")
next(kept)
kept = None
gc.collect()
"""
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "program.py")
    with open(path, "w") as f:
        f.write(PROGRAM)
    for options in ((), ("-X", "tracemalloc=3")):
        done = subprocess.run([sys.executable, "-W", "always", *options, path], stderr=subprocess.PIPE, text=True)
        for line in done.stderr.replace(folder, "").splitlines():
            # Where a finalizer runs is its own matter.
            if "unclosed" in line:
                print(line.split(": ", 1)[1].split(" fd=")[0].split(" object at")[0])
            elif "allocat" in line or "lineno" in line:
                print(line)
        print(done.returncode)
