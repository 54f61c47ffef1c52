import difflib
import string


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


print([distance(*p.split()) for p in ("kitten sitting", "flaw lawn", "same same", "abc xyz", "saturday sunday")])
KNOWN = {"python": 50, "krait": 40, "viper": 30, "cobra": 20, "boa": 10, "anaconda": 5}


def edits(word):
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    yield from (a + b[1:] for a, b in splits if b)
    yield from (a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1)
    yield from (a + c + b[1:] for a, b in splits if b for c in string.ascii_lowercase)
    yield from (a + c + b for a, b in splits for c in string.ascii_lowercase)


def correct(word):
    return max((w for w in {word, *edits(word)} if w in KNOWN), key=KNOWN.get, default=word + "?")


print([correct(w) for w in ("pyhton", "kriat", "vipe", "bo", "cobbra", "zzz", "boa")], len(set(edits("boa"))))
a = "one\ntwo\nthree\nfour\n".splitlines(True)
b = "one\n2\nthree\nfour\nfive\n".splitlines(True)
print("".join(difflib.unified_diff(a, b, "old", "new")), "".join(difflib.ndiff(a, b)),
    "".join(difflib.context_diff(a, b)))
print(difflib.get_close_matches("appel", ["ape", "apple", "peach"]),
    round(difflib.SequenceMatcher(None, "abcd", "bcde").ratio(), 3))
print(difflib.SequenceMatcher(None, "qabxcd", "abycdf").get_opcodes(),
    list(difflib.restore(difflib.ndiff(a, b), 2)) == b)
