# A text stream whose buffer, codec or position changes under it; its settings checked as CPython checks them.
import io
import os
import pickle
import subprocess
import sys
import tempfile

def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e)

# reading and writing have places of their own: what was read ahead stays
pair = io.TextIOWrapper(io.BufferedRWPair(io.BytesIO(b"foo\nbar\n"), io.BytesIO()), encoding="utf-8")
print(repr(pair.readline()), pair.write("x"), repr(pair.readline()))

for settings in ({"encoding": "utf-8\0"}, {"encoding": "\udcfe"}, {"encoding": "utf-8", "errors": "\udcfe"},
                 {"encoding": "utf-8", "errors": "replace\0"}, {"encoding": 42}, {"encoding": "utf-8", "newline": "x"}):
    attempt(io.TextIOWrapper, io.BytesIO(), **settings)

text = io.TextIOWrapper(io.BytesIO(), "ascii", "replace", "\r")
for settings in ({"encoding": "locale\0"}, {"errors": "\udcfe"}, {"line_buffering": "yes"}, {"write_through": 2**100}):
    attempt(text.reconfigure, **settings)
text.reconfigure(line_buffering=5, write_through=0)
print(text.encoding, text.errors, text.line_buffering, text.write_through)
attempt(delattr, text, "_CHUNK_SIZE")
text.detach()
print(text.errors, text.encoding)
attempt(text.read)

# a str subclass whose replace() changes the stream that writes it
def text_that(action):
    class Text(str):
        def replace(self, *args):
            action()
            return "a\r\n"
    return Text("a\n")

for action in ("close", "detach", "again"):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\r\n")
    readonly = io.BufferedReader(io.BytesIO())
    actions = {"close": stream.close, "detach": stream.detach,
               "again": lambda: stream.__init__(readonly, encoding="utf-8")}
    attempt(stream.write, text_that(actions[action]))

class DetachesWhenAsked(io.RawIOBase):
    wrapper = None
    @property
    def closed(self):
        if self.wrapper:
            wrapper, self.wrapper = self.wrapper, None
            wrapper.detach()
        return False

raw = DetachesWhenAsked()
raw.wrapper = wrapper = io.TextIOWrapper(raw, encoding="utf-8")
print(wrapper.close())

# what the buffer's own write() writes keeps its place
class Nested(io.RawIOBase):
    pieces = []
    def writable(self): return True
    def write(self, data):
        if not self.pieces:
            self.pieces.append(bytes(data))
            stream.write("middle")
        else:
            self.pieces.append(bytes(data))
        return len(data)

stream = io.TextIOWrapper(Nested(), encoding="utf-8")
stream.write("first")
stream.write("x" * 9000)
stream.flush()
print([len(piece) for piece in Nested.pieces])

# at most one read of the raw stream, into the buffer given if that is the larger
class Pieces(io.RawIOBase):
    pieces = [b"abc", b"de", b"fgh", b"jkl"]
    def readable(self): return True
    def readinto(self, b):
        piece = self.pieces.pop(0) if self.pieces else b""
        b[:len(piece)] = piece
        return len(piece)

reader = io.BufferedReader(Pieces(), 10)
small, large = bytearray(2), bytearray(20)
print(reader.peek(1), reader.readinto1(small), bytes(small), reader.readinto1(small), reader.readinto1(small), bytes(small))
print(reader.peek(1), reader.readinto1(large), bytes(large).rstrip(b"\0"))

# pickled by what the subclass says, with every protocol
class Tagged(io.BufferedReader):
    def __init__(self, raw, tag):
        super().__init__(raw)
        self.tag = tag
    def __getstate__(self): return self.tag, self.raw.getvalue()
    def __setstate__(self, state): self.__init__(io.BytesIO(state[1]), state[0])

for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    copy = pickle.loads(pickle.dumps(Tagged(io.BytesIO(b"data"), "tag"), protocol))
    print(protocol, copy.tag, copy.read(), end=" ")
print()
attempt(pickle.dumps, io.BufferedReader(io.BytesIO()), 0)
attempt(io.RawIOBase, 1)

# an encoding that is not given is warned of if asked for; error handlers are looked up in development mode
with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "text")
    open(name, "wb").close()
    run = subprocess.run([sys.executable, "-X", "warn_default_encoding", "-c", f"with open({name!r}): pass"],
                         capture_output=True, text=True)
    print(run.stderr.splitlines()[0])
    code = f"""
try:
    open({name!r}, encoding="utf-8", errors="no such handler")
except LookupError as e:
    print(e)
"""
    for options in ([], ["-X", "dev"]):
        print(subprocess.run([sys.executable, *options, "-W", "ignore", "-c", code], capture_output=True, text=True).stdout)
