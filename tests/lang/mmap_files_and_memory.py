"""mmap: anonymous and file mappings, access modes, subscripts, searching, resizing, exports, errors."""

import mmap
import os
import tempfile

def attempt(function, *arguments, **keywords):
    try: print(function(*arguments, **keywords))
    except Exception as error: print(type(error).__name__, error)

with tempfile.TemporaryFile() as file:
    file.write(b"line one\nline two\n" + bytes(5000))
    file.flush()
    m = mmap.mmap(file.fileno(), 0)
    print(len(m), m.size(), m.readline(), m.readline(), m.tell(), m.read(3), m.read_byte())
    print(m.find(b"line"), m.find(b"line", 0), m.rfind(b"line", 0, -1), m.find(b"nope"), m.find(b"", 3, 2))
    m.seek(0)
    print(m.write(b"LINE"), m[:9], m[0], m[-1], m[8::-2], m.seek(-2, 2), m.seek(5), m.seekable())
    m[5:8] = b"ONE"
    m[4] = 45
    m.move(20, 0, 8)
    print(m[:30], m.flush(), m.madvise(mmap.MADV_NORMAL))
    for function, *arguments in [(m.seek, 10**6), (m.seek, 0, 9), (m.write, b"x" * 9000), (m.move, 0, 5000, 100), (m.write, "s"),
                                 (m.__getitem__, 10**6), (m.__setitem__, 0, 256), (m.__setitem__, 0, b"x"),
                                 (m.__setitem__, slice(0, 2), b"x"), (m.__getitem__, "x"), (m.__delitem__, 0),
                                 (m.write_byte, 300), (m.madvise, 0, -1), (m.flush, 0, 10**6), (m.read, "x")]:
        attempt(function, *arguments)
    m.resize(8192)
    print(len(m), os.fstat(file.fileno()).st_size, repr(m))
    view = memoryview(m)[2:6]
    print(view.tobytes(), view.readonly)
    attempt(m.close)
    attempt(m.resize, 100)
    view.release()
    with m: print(m.closed)
    print(m.closed, repr(m))
    attempt(m.read)
    attempt(len, m)
    with mmap.mmap(file.fileno(), 100, access=mmap.ACCESS_READ) as m:
        attempt(m.write, b"x")
        attempt(m.__setitem__, 0, 1)
        attempt(m.resize, 10)
        print(memoryview(m).readonly, bytes(m[:4]))
    with mmap.mmap(file.fileno(), 100, access=mmap.ACCESS_COPY) as m:
        m[:4] = b"copy"
        print(m[:4], os.pread(file.fileno(), 4, 0))
    for keywords in [dict(length=10**6), dict(length=-1), dict(length=10, offset=-1), dict(length=10, access=9), dict(length=0, offset=1 << 20),
                     dict(length=10, access=mmap.ACCESS_READ, flags=mmap.MAP_PRIVATE), dict(length=10, offset=5)]:
        attempt(mmap.mmap, file.fileno(), **keywords)

m = mmap.mmap(-1, 8)
m.write(b"abcdefgh")
print(list(m)[:3], b"c" in m, m[:])
attempt(mmap.mmap, -1, 0)
attempt(mmap.mmap, 10**6, 1)
attempt(mmap.mmap, "x", 1)
attempt(object.__new__, mmap.mmap)
