import io, os, tempfile

def put(path, mode, data):
    with open(path, mode) as f:
        f.write(data)


s = io.StringIO("line one\nline two\r\nlast")
print(s.readline(), s.tell(), list(s), s.read(), s.seek(0), s.read(4), s.truncate(6), s.getvalue())
s.seek(0, 2)
print(s.write("añ"), s.getvalue(), s.closed, s.readable())
s.close()
try:
    s.read()
except ValueError as e:
    print(e)
b = io.BytesIO(b"abcdef")
print(b.read(2), b.read1(1), b.readinto(bytearray(2)), b.tell(), b.seek(-2, 2), b.read(),
    b.getbuffer().nbytes, b.getvalue())
with tempfile.TemporaryDirectory() as d:
    p = os.path.join(d, "f.txt")
    with open(p, "w", encoding="utf-8", newline="\r\n") as f:
        print(f.write("é1\n2\n"), f.name == p, f.mode, f.encoding, f.newlines, f.line_buffering)
        f.writelines(["3\n", "4"])
    print(open(p, "rb").read())
    print(open(p, encoding="utf-8").read().split("\n"), open(p, encoding="latin-1", newline="").readlines())
    with open(p, "r+b", buffering=0) as raw:
        print(type(raw).__name__, raw.read(3), raw.seek(0), raw.write(b"XY"), raw.tell())
    with open(p, "a+", encoding="utf-8") as f:
        f.write("END")
        f.seek(0)
        print(repr(f.read()))
    with open(p, "rb") as f:
        print(type(f).__name__, f.peek(2)[:2], f.readline(), f.readlines(), f.read(), f.fileno() > 2,
            f.seekable())
    with open(p, "x" if not os.path.exists(p) else "w+") as f:
        f.write("0123456789")
        f.seek(3)
        f.truncate()
        f.seek(0)
        print(f.read(), f.tell())
    with open(p, "w", encoding="utf-16") as f: f.write("hi")
    print(open(p, "rb").read(), open(p, encoding="utf-16").read()); put(p, "wb", b"bad \xff byte")
    for kw in ({"encoding": "utf-8"}, {"encoding": "ascii", "errors": "replace"},
        {"encoding": "utf-8", "errors": "surrogateescape"}):
        try:
            print(ascii(open(p, **kw).read()))
        except UnicodeDecodeError as e:
            print(e)
    for args, kw in (((p + "/no",), {}), ((d,), {}), ((p, "x"), {}), ((p, "q"), {}), ((p, "rw"), {}),
        ((p, "rb"), {"encoding": "utf-8"}), ((p, "r"), {"buffering": 0}), ((p,), {"encoding": "nope"}),
        ((p, "rt+b"), {}), ((99999,), {})):
        try:
            open(*args, **kw)
        except Exception as e:
            print(type(e).__name__, str(e).replace(d, "DIR"))
    for meth in (lambda f: f.write("x"), lambda f: f.read(b""), lambda f: f.seek(-1)):
        try:
            with open(p, encoding="latin-1") as f: meth(f)
        except Exception as e:
            print(type(e).__name__, e)
w = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="xmlcharrefreplace", write_through=True)
print("é", "a", file=w, sep="|", end="")
print(w.buffer.getvalue())
br = io.BufferedReader(io.BytesIO(b"x" * 10 + b"\nrest"), buffer_size=4)
print(br.readline(), br.read(2), br.raw.tell() >= 13)
class Raw(io.RawIOBase):
    def __init__(self): self.n = 3
    def readable(self): return True
    def readinto(self, buf):
        self.n -= 1
        buf[:1] = b"z" if self.n >= 0 else b""
        return int(self.n >= 0)
print(io.BufferedReader(Raw()).read(), Raw().readall(),
    io.IncrementalNewlineDecoder(None, True).decode("a\r\nb\r", final=True))
