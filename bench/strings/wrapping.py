"""Layout of text: textwrap fill, indent and dedent, difflib on two versions of a text, tables, justified lines."""
import difflib
import textwrap

WORDS = ("lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore "
         "magna aliqua well-known hyphenated-words").split()


def essay(count, seed):
    words = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2**31
        words.append(WORDS[(seed >> 8) % len(WORDS)])
    return " ".join(words)


def justify(words, width):
    lines, line, length = [], [], 0
    for word in words:
        if length + len(word) + len(line) > width:
            gaps = len(line) - 1 or 1
            spaces = width - length
            text = line[0]
            for i, w in enumerate(line[1:]):
                text += " " * (spaces // gaps + (i < spaces % gaps)) + w
            lines.append(text)
            line, length = [], 0
        line.append(word)
        length += len(word)
    lines.append(" ".join(line))
    return lines


def main():
    text = essay(16_000, 7)
    filled = textwrap.fill(text, 64)
    print(len(filled), filled.splitlines()[10])
    paragraphs = [essay(60, seed) for seed in range(160)]
    page = "\n\n".join(textwrap.fill(p, 50, initial_indent="* ", subsequent_indent="  ") for p in paragraphs)
    print(len(page), len(textwrap.indent(page, "> ")), textwrap.dedent(textwrap.indent(page, "    ")) == page)
    print(textwrap.shorten(text, 70), sum(len(textwrap.wrap(p, 30, break_on_hyphens=False)) for p in paragraphs))
    lines = justify(text.split() * 3, 72)
    print(len(lines), lines[20], all(len(line) == 72 for line in lines[:-1]))
    old = page.splitlines()
    new = [line.upper() if n % 17 == 0 else line for n, line in enumerate(old) if n % 23]
    diff = list(difflib.unified_diff(old, new, lineterm=""))
    print(len(diff), diff[5], round(difflib.SequenceMatcher(None, text[:3000], text[600:3600]).ratio(), 6))


if __name__ == "__main__":
    main()
