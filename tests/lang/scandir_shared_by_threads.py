# Threads that read one scandir() iterator get every entry once.
import os
import tempfile
import threading

with tempfile.TemporaryDirectory() as folder:
    for i in range(300):
        open(os.path.join(folder, f"f{i}"), "wb").close()
    for _ in range(5):
        found = []
        with os.scandir(folder) as entries:
            def read():
                names = [entry.name for entry in entries]
                found.extend(names)
            threads = [threading.Thread(target=read) for _ in range(4)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        print(len(found), len(set(found)))

class Nothing:
    __fspath__ = None
for f in (os.fspath, open, os.stat):
    try:
        f(Nothing())
    except TypeError as e:
        print(str(e).split(": ")[-1])
r, w = os.pipe()
os.write(w, b"abc")
for buffer in (bytes(3), "abc", 3):
    try:
        os.readinto(r, buffer)
    except TypeError as e:
        print(e)
buffer = bytearray(5)
print(os.readinto(r, buffer), buffer)
