# stdin: first line
# stdin: 42 é
import io
import sys

print(1, "two", [3], sep="-", end="!\n")
print()
print("a", end="")
print("", "b", sep="|")
print(*range(3), sep="\n")
print("to stderr", file=sys.stderr, flush=True)
out = io.StringIO()
print("x", 5, file=out, sep="")
print(repr(out.getvalue()))
print(input(), repr(input("prompt> ")))
try:
    input()
except EOFError as e:
    print("EOFError", e)
for kw in ({"sep": 1}, {"end": b"x"}, {"file": 5}, {"nope": 1}):
    try:
        print("x", **kw)
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
print(None, file=None)


class Writer:
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s)
    def flush(self): self.parts.append("flushed")


w = Writer()
print(1, 2, file=w, flush=True)
print(w.parts)
sys.stdout, keep = w, sys.stdout
print("redirected")
sys.stdout = keep
print(w.parts[-2:], sys.stdout is sys.__stdout__, sys.stdout.encoding, sys.stdin.encoding, sys.stdout.errors)
print(sys.stdin.read() == "", sys.stdin.readline() == "", sys.stdout.write("count\n"))
sys.stdout.writelines(["line 1\n", "line 2\n"])
