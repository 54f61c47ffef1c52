"""Searching and cutting text: find, count, replace, split, partition, strip, startswith, translate, in."""

SENTENCE = "The quick brown fox jumps over the lazy dog, while seven wizards quietly mix a potion near the old mill; "


def paragraphs(count):
    return "\n".join(SENTENCE * (n % 5 + 1) + f"Section {n}." for n in range(count))


def positions(text, what):
    found, at = [], text.find(what)
    while at >= 0:
        found.append(at)
        at = text.find(what, at + 1)
    return found


def main():
    text = paragraphs(2000)
    print(len(text), len(positions(text, "wizards")), positions(text, "Section 77")[0], text.rfind("mill"))
    total = 0
    for word in ("fox", "potion", "absent", "e", "Section", "old mill; The", "zzz"):
        for _ in range(60):
            total += text.count(word) + (word in text)
    print(total)
    print(len(text.replace("quick", "slow").replace(" ", "").replace("e", "ee")))
    lines = text.splitlines()
    fields = 0
    for line in lines:
        head, separator, rest = line.partition(", ")
        fields += len(rest.split()) + len(rest.split("; ")) + len(head.rsplit(" ", 2)) + line.endswith(".")
        fields += line.strip("Tm. ").startswith("he") + line.lstrip("The").find("k")
    print(fields)
    table = str.maketrans("aeiou", "AEIOU", ",;.")
    print(sum(len(line.translate(table)) for line in lines), lines[3].translate(table)[:50])
    common = {}
    for line in lines[:900]:
        for word in line.lower().replace(",", " ").replace(";", " ").split():
            common[word] = common.get(word, 0) + 1
    print(sorted(common.items(), key=lambda item: (-item[1], item[0]))[:5])
    print(sum(line.index("Section") for line in lines), sum(line.removesuffix(".").isalnum() for line in lines))
    print(sum("dog" < line[40:] for line in lines), max(lines, key=len)[-12:])


if __name__ == "__main__":
    main()
