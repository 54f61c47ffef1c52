"""What is written to a stream that is dropped without close() is in the file when somebody looks at it."""

import gc
import json
import os
import pathlib
import subprocess
import tempfile
import zipfile


def save(path, text, mode="w"):
    open(path, mode).write(text)


class Named(str):
    pass


with tempfile.TemporaryDirectory() as directory:
    path = os.path.join(directory, "state")

    for n in range(5):
        save(path, "round %d" % n)
        print(open(path).read())
    save(path, "a long text")
    save(path, "short")
    print(open(path).read())

    for n in range(4):
        save(path, ", %d" % n, "a")
    print(pathlib.Path(path).read_text())

    save(path, "x" * 1000)
    print(os.path.getsize(path))
    save(path.encode(), "y" * 100)
    print(os.stat(path.encode()).st_size, pathlib.Path(path).stat().st_size)

    json.dump({"key": [1, 2]}, open(path, "w"))
    print(json.load(open(pathlib.Path(path))))

    save(Named(path), "for another program")
    print(subprocess.run(["cat", path], capture_output=True).stdout)

    save(path, "through a descriptor")
    fd = os.open(path, os.O_RDONLY)
    print(os.read(fd, 100))
    os.close(fd)

    def kept_for_a_while():
        stream = open(path, "wb")
        stream.write(b"old")
        gc.collect()

    kept_for_a_while()
    print(open(path, "rb").read())

    archive = os.path.join(directory, "archive.zip")
    zipfile.ZipFile(archive, "w").writestr("name", "contents")
    print(zipfile.ZipFile(archive).namelist())

    with open(path, "w") as stream:  # one that is still in use stays as it is
        stream.write("buffered")
        print(repr(open(path).read()), os.path.getsize(path), stream.closed)
    print(open(path).read())

    link = os.path.join(directory, "link")
    os.symlink(path, link)
    save(path, "by another name")
    print(open(link).read())

    try:
        open(os.path.join(directory, "missing"))
    except FileNotFoundError as e:
        print(type(e).__name__, os.path.basename(e.filename))
    try:
        open("nul\0byte")
    except ValueError as e:
        print(e)
