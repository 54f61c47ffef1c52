"""Finalizers of what was not closed: the warning as an error is written as unraisable; at exit a failing repr is not."""
import gc
import os
import socket
import sqlite3
import subprocess
import sys
import warnings

HOOK = []
sys.unraisablehook = lambda u: HOOK.append((u.exc_type.__name__, u.err_msg.split("<")[0] if u.err_msg else None, type(u.object).__name__))
warnings.simplefilter("error")


def drop(make):
    def deeper(n):
        if n:
            deeper(n - 1)
        else:
            make()
    deeper(20)
    gc.collect()
    print(HOOK)
    HOOK.clear()


class BadRepr(socket.socket):
    def __repr__(self):
        raise ValueError("no repr")


drop(lambda: socket.socket())
drop(lambda: BadRepr())
drop(lambda: open(os.devnull))
drop(lambda: open(os.devnull, "rb", 0))
drop(lambda: next(os.scandir("/")))
drop(lambda: sqlite3.connect(":memory:"))

code = """
import asyncio, socket
async def main():
    s = socket.create_server(("127.0.0.1", 0))
    asyncio.get_running_loop().add_reader(s.fileno(), lambda: s)
    asyncio.sleep.kept = s
asyncio.run(main())
"""
done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
