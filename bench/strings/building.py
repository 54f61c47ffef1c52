"""Strings: building, joining, splitting, searching, formatting, slicing, case."""


def work():
    text = ""
    for i in range(60_000):
        text += chr(97 + i % 26)
        if i % 10 == 9:
            text += " "
    words = text.split()
    print(len(text), len(words), text.count("abc"), text.find("zzz"), hash(text) == hash(str(text)))
    out = []
    for i, word in enumerate(words * 8):
        if word.startswith("a") or word.endswith("z"):
            out.append(word.upper())
        elif "m" in word:
            out.append(word.replace("m", "--").title())
        else:
            out.append(f"{i:05d}:{word!r:>14}|{i / 7:.2f}")
    joined = ",".join(out)
    print(len(joined), joined[1000:1040])
    total = 0
    for ch in joined:
        if ch.isdigit():
            total += int(ch)
    print(total)
    print(sum(len(s.strip("-0")) for s in joined.split(",")))
    reversed_words = " ".join(w[::-1] for w in words)
    print(reversed_words[-40:], "%s-%d-%x" % (words[5], len(reversed_words), len(words)))
    encoded = joined.encode()
    print(len(encoded), encoded.decode()[:20] == joined[:20])


def main():
    for _ in range(4):
        work()


if __name__ == "__main__":
    main()
