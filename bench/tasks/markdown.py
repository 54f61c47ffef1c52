"""A Markdown converter: blocks (headings, lists, quotes, code, tables), inline marks, links, and a table of contents."""
import html
import re

INLINE = [(re.compile(r"`([^`]+)`"), r"<code>\1</code>"), (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
          (re.compile(r"(?<!\*)\*([^*]+)\*"), r"<em>\1</em>"), (re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)"), r'<img alt="\1" src="\2">'),
          (re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)"), r'<a href="\2">\1</a>')]
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
ITEM = re.compile(r"(\s*)(?:[-*+]|(\d+)\.)\s+(.*)")

SAMPLE = """# Title of part {n}

Some *emphasis*, some **strong words**, `code < here` and a [link](http://example.org/{n}).
A second line of the same paragraph & more.

## Lists

- one
- two with **bold**
  1. nested first
  2. nested second
- three

> A quotation
> over two lines

```
for i in range({n}):
    print(i < 3)
```

| name | value |
|------|-------|
| a    | {n}   |
| b    | *x*   |

---
![picture](img/{n}.png)
"""


def inline(text):
    text = html.escape(text, quote=False)
    for pattern, replacement in INLINE:
        text = pattern.sub(replacement, text)
    return text


class Converter:
    def __init__(self, text):
        self.lines, self.at, self.out, self.contents = text.splitlines(), 0, [], []

    def convert(self):
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                self.at += 1
            elif line.startswith("```"):
                self.code()
            elif match := HEADING.match(line):
                self.heading(match)
            elif line.startswith(">"):
                lines = self.take(lambda l: l.startswith(">"))
                inner = Converter("\n".join(l[1:].lstrip() for l in lines))
                self.out.append(f"<blockquote>{inner.convert()}</blockquote>")
            elif re.fullmatch(r"\s*(?:-\s*){3,}", line):
                self.out.append("<hr>")
                self.at += 1
            elif ITEM.match(line):
                self.items(self.take(ITEM.match))
            elif line.startswith("|"):
                self.table(self.take(lambda l: l.startswith("|")))
            else:
                lines = self.take(lambda l: l.strip() and not l.startswith(("#", ">", "```", "|")))
                self.out.append(f"<p>{inline(' '.join(lines))}</p>")
        return "\n".join(self.out)

    def take(self, wanted):
        start = self.at
        while self.at < len(self.lines) and wanted(self.lines[self.at]):
            self.at += 1
        return self.lines[start:self.at]

    def code(self):
        self.at += 1
        body = self.take(lambda l: not l.startswith("```"))
        self.at += 1
        self.out.append("<pre>" + html.escape("\n".join(body)) + "</pre>")

    def heading(self, match):
        level, text = len(match[1]), inline(match[2])
        anchor = re.sub(r"\W+", "-", match[2].lower()).strip("-")
        self.contents.append((level, anchor))
        self.out.append(f'<h{level} id="{anchor}">{text}</h{level}>')
        self.at += 1

    def items(self, lines):
        stack = []
        for line in lines:
            space, number, text = ITEM.match(line).groups()
            kind, depth = "ol" if number else "ul", len(space)
            while stack and depth < stack[-1][0]:
                self.out.append(f"</li></{stack.pop()[1]}>")
            if not stack or depth > stack[-1][0]:
                stack.append((depth, kind))
                self.out.append(f"<{kind}>")
            else:
                self.out.append("</li>")
            self.out.append(f"<li>{inline(text)}")
        while stack:
            self.out.append(f"</li></{stack.pop()[1]}>")

    def table(self, lines):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not set(line) <= set("|-: ")]
        self.out.append("<table>")
        for n, row in enumerate(rows):
            tag = "td" if n else "th"
            self.out.append("<tr>" + "".join(f"<{tag}>{inline(cell)}</{tag}>" for cell in row) + "</tr>")
        self.out.append("</table>")


def main():
    text = "\n".join(SAMPLE.replace("{n}", str(n)) for n in range(350))
    converter = Converter(text)
    page = converter.convert()
    print(len(page), len(converter.contents), page.count("<li>"), page.count("<code>"))
    print(page[:900])


if __name__ == "__main__":
    main()
