# stdin: first
# stdin: second
"""A text wrapper that a function made over a stream of others and let go of closes it."""
import io
import sys


def read_all():
    wrapper = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8")
    return wrapper.buffer.raw.readall().decode("utf-8")


lines = []
while not sys.stdin.closed and len(lines) < 3:
    lines.append(read_all())
print(lines, sys.stdin.closed)


def kept(binary):
    return io.TextIOWrapper(binary, encoding="utf-8")


def used(binary):
    text = kept(binary)
    return text.read()


binary = io.BytesIO(b"text")
print(used(binary), binary.closed)
binary = io.BytesIO(b"text")
text = kept(binary)
print(binary.closed, text.read())
del text
print(binary.closed)
