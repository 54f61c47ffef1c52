"""tokenize asks for a line only when the tokens before it were taken."""
import tokenize

SOURCE = "a = 1\nb = (2,\n 3)\nif x:\n    y\n\n'''a\nb'''\n# c\nf'''{x\n}\n{y!r:>{w}}'''\nz"
count = 0


def reader(text):
    lines = iter(text.splitlines(True))

    def readline():
        global count
        count += 1
        return next(lines, "")

    return readline


for token in tokenize.generate_tokens(reader(SOURCE)):
    print(count, token.type, token.string.encode(), token.start, token.end)

long = "x = '''" + "line of text\n" * 3000 + "'''\nf'''" + "{a}\n" * 3000 + "'''\n"
print(sum(len(token.string) for token in tokenize.generate_tokens(reader(long))))


def failing():
    yield "a = 1\n"
    yield "b = [\n"
    raise ValueError("from readline")


lines = failing()
try:
    for token in tokenize.generate_tokens(lambda: next(lines)):
        print(token.string.encode())
except ValueError as error:
    print(repr(error))
