"""Compile random and mutated source files in a loop, in one process.

usage: compile_loop.py FIRST COUNT STATE ANSWERS CORPUS...

File number N is made from seed N alone, so any of them can be made again. Before each is compiled, STATE is
rewritten with its number and text, which is what remains when the compiler crashes. Only the errors that a
compiler may raise are accepted. What the compiler says of each is written to ANSWERS, one line each.
"""

import os
import random
import sys
import warnings

TOKENS = """and as assert async await break class continue def del elif else except except* finally for from global if
import in is lambda nonlocal not or pass raise return try while with yield match case type _ True False None ... x y
self __debug__ __class__ super print 0 1 2.5 1e9 0x1f 0b1 1_0 1j 00 07 1__0 9999999999999999999999 "s" 's' '' b"b"
f"{x}" f"{x!r:>{y}}" t"{x}" rb"\\" u"u" '''t''' f'{ f"{x}" }' "\\N{DASH}" "\\x" f"{" f"}" f"{x=}" ( ) [ ] { } , : ; . = == != < >
<= >= -> := + - * / // % @ & | ^ ~ << >> ** += -= *= /= //= %= @= &= |= ^= <<= >>= **= ! $ ? ` \\ # é 漢 \u00a0 \u2028""".split()
SPACE = [" ", " ", " ", "\n", "\n", "\n    ", "\n        ", "\n  ", "\t", "\r\n", "\r", "\f", ""]
DEEP = ["(", "[", "{", "{x:", "f(", "-", "not ", "lambda: ", "x if x else ", "x[", "(yield ", "await ", "*", "if x:\n",
        "f'{", "x.y", "x+", "x and ", "x := (", "[x for x in ", "def f(x=", "class A(", "with x as ", "try:\n", "@"]
ACCEPTED = (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError, UnicodeError)


def load(paths):
    """The corpus: runs of lines that start at the left margin, without their files' order."""
    pieces = []
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as f:
            lines = f.read().splitlines(True)
        start = 0
        for i in range(1, len(lines) + 1):
            if i == len(lines) or i - start > 4 and lines[i][:1] not in " \t\n#)]}":
                pieces.append("".join(lines[start:min(i, start + 40)]))
                start = i
    return pieces


def soup(r):
    return "".join(r.choice(TOKENS) + r.choice(SPACE) for _ in range(r.randrange(1, 60)))


def nested(r):
    opening = "".join(r.choice(DEEP) for _ in range(r.randrange(1, 4)))
    count = r.choice([2, 10, 50, 99, 101, 201, 1000, 20000])
    if "\n" in opening:
        count = min(count, 150)
        return "".join(" " * i + opening for i in range(count)) + "x"
    closing = {"(": ")", "[": "]", "{": "}"}
    end = "".join(closing.get(ch, "") for ch in reversed(opening)) if r.random() < 0.7 else ""
    return opening * count + "x" + end * count


def mutated(r, pieces):
    text = r.choice(pieces)
    for _ in range(r.choice([1, 1, 2, 3, 8])):
        at = r.randrange(len(text) + 1)
        end = min(len(text), at + r.choice([1, 1, 2, 5, 20, 100]))
        kind = r.randrange(9)
        if kind == 0:
            text = text[:at] + text[end:]
        elif kind == 1:
            text = text[:at] + r.choice(TOKENS) + text[at:]
        elif kind == 2:
            text = text[:at] + text[at:end] * r.choice([2, 3, 20]) + text[end:]
        elif kind == 3:
            text = text[:at] + r.choice(TOKENS) + text[end:]
        elif kind == 4:
            text = text[:at] + chr(r.choice([0, 9, 10, 12, 13, 32, 34, 39, 92, 127, 160, 233, 0x2028, 0xd800, 0xfeff,
                                             r.randrange(0x110000)])) + text[at:]
        elif kind == 5:
            other = r.choice(pieces)
            text = text[:at] + other[r.randrange(len(other) + 1):]
        elif kind == 6:
            text = text[:at]
        elif kind == 7:
            lines = text.split("\n")
            i = r.randrange(len(lines))
            lines[i] = r.choice(SPACE) + lines[i].strip() if r.random() < 0.5 else lines[r.randrange(len(lines))]
            text = "\n".join(lines)
        else:
            words = text.split(" ")
            i, j = r.randrange(len(words)), r.randrange(len(words))
            words[i], words[j] = words[j], words[i]
            text = " ".join(words)
    return text


def make(number, pieces):
    """Source number `number`: str or bytes, and the mode to compile it in."""
    r = random.Random(number)
    kind = r.random()
    text = mutated(r, pieces) if kind < 0.7 else soup(r) if kind < 0.92 else nested(r)
    mode = r.choice(["exec"] * 8 + ["eval", "single"])
    if r.random() < 0.15:
        data = bytearray(text.encode("utf-8", "surrogatepass"))
        for _ in range(r.randrange(4)):
            data.insert(r.randrange(len(data) + 1), r.randrange(256))
        head = r.choice([b"", b"\xef\xbb\xbf", b"# coding: latin-1\n", b"# coding: utf-16\n", b"# coding: nope\n"])
        return bytes(head + data), mode
    return text, mode


def answer(error):
    """What a compiler says of a source, in one line."""
    if error is None:
        return "valid"
    text = f"{type(error).__name__}: {error.args[0] if error.args else ''}"
    if isinstance(error, SyntaxError):
        text += f" @ {error.lineno}:{error.offset}-{error.end_lineno}:{error.end_offset}"
    return ascii(text)


def main(first, count, state, answers, *corpus):
    warnings.simplefilter("ignore")
    pieces = load(corpus)
    fd = os.open(state, os.O_WRONLY | os.O_CREAT, 0o644)
    out = open(answers, "w", encoding="utf-8")
    compiled = 0
    for number in range(int(first), int(first) + int(count)):
        source, mode = make(number, pieces)
        data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{number} {mode} {type(source).__name__}\n".encode() + data, 0)
        error = None
        try:
            compile(source, "<fuzz>", mode, dont_inherit=True)
            compiled += 1
        except ACCEPTED as e:
            error = e
        out.write(f"{number} {answer(error)}\n")
    out.close()
    print(f"{count} compiled from {first}: {compiled} valid")


if __name__ == "__main__":
    main(*sys.argv[1:])
