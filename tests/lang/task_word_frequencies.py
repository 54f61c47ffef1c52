import collections
import re
import textwrap

TEXT = """It was the best of times, it was the worst of times, it was the age of
wisdom, it was the age of foolishness, it was the epoch of belief, it was the
epoch of incredulity, it was the season of Light, it was the season of Darkness,
it was the spring of hope, it was the winter of despair."""

words = re.findall(r"[a-z']+", TEXT.lower())
counts = collections.Counter(words)
width = max(map(len, counts))
for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:8]:
    print(f"{word:>{width}} {'#' * n} {n / len(words):.2%}")

index = collections.defaultdict(list)
for number, line in enumerate(TEXT.splitlines(), 1):
    for word in line.split():
        index[word.strip(",.").lower()].append(number)
print({w: sorted(set(l)) for w, l in sorted(index.items()) if len(set(l)) > 2})
print(textwrap.fill(TEXT, 40, initial_indent="> ", subsequent_indent="  "))
print(textwrap.shorten(TEXT, 30), textwrap.dedent("  a\n    b\n").encode(), textwrap.indent("x\n\ny", "--"))
longest = max((len(list(g)), k) for k, g in __import__("itertools").groupby(sorted(words, key=len), key=len))
print("most common length", longest)
