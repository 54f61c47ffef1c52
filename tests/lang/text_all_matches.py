# Searches that find many matches at once: counting, splitting and replacing, at all widths, densities and overlaps.
import random

rng = random.Random(5)
alphabets = ["ab", "abcdefgh ,", "aé", "aéü ", "a€中", "a中\U0001f600b"]


def texts(alphabet):
    for length in (0, 1, 2, 7, 15, 16, 17, 31, 33, 64, 65, 200, 1000):
        yield "".join(rng.choices(alphabet, [8] + [1] * (len(alphabet) - 1), k=length))
        yield "".join(rng.choice(alphabet) for _ in range(length))


def needles(alphabet, text):
    yield from alphabet
    yield alphabet[0] * 3
    yield "€"
    for length in (2, 3, 5, 14, 20):
        at = rng.randrange(len(text)) if text else 0
        yield text[at:at + length] or "x"
        yield "".join(rng.choice(alphabet) for _ in range(length))


total = 0
for alphabet in alphabets:
    for text in texts(alphabet):
        for needle in needles(alphabet, text):
            for limit in (-1, 0, 1, 2, 31, 32, 33, 64):
                parts = text.split(needle, limit)
                assert needle.join(parts) == text and (limit < 0 or len(parts) <= limit + 1)
                total = (total * 31 + hash(len(parts)) + sum(len(p) * (i + 1) for i, p in enumerate(parts))) % 1_000_003
                for new in ("", "x", "xyz", "€"):
                    made = text.replace(needle, new, limit)
                    assert made == new.join(parts)
            assert text.count(needle) == len(text.split(needle)) - 1
            if max(text + needle) < "\x80":
                t, n = text.encode(), needle.encode()
                assert [p.decode() for p in t.split(n)] == text.split(needle) and t.count(n) == text.count(needle)
                assert t.replace(n, b"xy").decode() == text.replace(needle, "xy")
print(total)

# Long distances between single characters, and needles that nearly match everywhere.
text = ("a" * 300 + "\n") * 20 + "b" * 1000
print(len(text.split("\n")), [len(p) for p in text.split("\n")][-3:], text.count("\n"), len(text.replace("\n", "\r\n")))
print(("a" * 5000).count("aab"), ("a" * 5000).count("aaa"), len(("a" * 5000 + "b").split("aab")), ("ab" * 3000).count("abab"))
print([len(("ab" * 500).replace("aba", "c", n)) for n in (0, 1, 2, 40, 249, 250, 251, -1)])

# Lines, tabs, joins and texts of objects.
for alphabet in ("ab\n", "ab\n\r", "a\x0b\x85\x1c", "a\t", "a\t\n", "é\tb\r", "中\t\n", "a'\\\"\x01"):
    for text in texts(alphabet):
        total = (total * 31 + len(text.splitlines()) + sum(map(len, text.splitlines(True))) + len(text.expandtabs())
                 + len(text.expandtabs(3)) + len(text.expandtabs(0)) + len(text.expandtabs(-1)) + len(repr(text))) % 1_000_003
        assert "".join(text.splitlines(True)) == text
        assert eval(repr(text)) == text and repr([text]) == f"[{text!r}]" and repr({text: text}) == "{%r: %r}" % (text, text)
print(total, "a\tbc\td\n\te".expandtabs(4).encode())
print(repr(["a", "it's", 'say "x"', "b\\", "\x7f", "é", "\u2028", "", 5, -12, 0, 2**61, -2**62, 2**62, True, None, 1.5]))
print(repr((("x",), ("y", -1))), repr({1: "a", "b": [2]}), repr([[]]))
for count in (0, 1, 2, 63, 64, 65, 200):
    items = [str(n) for n in range(count)]
    assert "".join(items) == "".join(tuple(items)) == "".join(iter(items)), count
    print(len(", ".join(items)), len("é".join(items)), len("".join(items + ["中"])), end=" ")
print()
for bad in ([1], ["a", None], "ab", {"a": 1}, ["x"] * 70 + [b""]):
    try:
        print("-".join(bad))
    except TypeError as e:
        print(e)
