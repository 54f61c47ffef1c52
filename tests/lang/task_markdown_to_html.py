import html
import re
from html.parser import HTMLParser


def inline(text):
    text = html.escape(text, quote=False)
    for pattern, tag in ((r"\*\*(.+?)\*\*", "b"), (r"\*(.+?)\*", "i"), (r"`(.+?)`", "code")):
        text = re.sub(pattern, rf"<{tag}>\1</{tag}>", text)
    return re.sub(r"\[(.+?)\]\((.+?)\)", r'<a href="\2">\1</a>', text)


def blocks(source):
    for block in re.split(r"\n{2,}", source.strip()):
        lines = block.split("\n")
        if m := re.match(r"(#+) (.*)", block):
            yield f"<h{len(m[1])}>{inline(m[2])}</h{len(m[1])}>"
        elif all(l.startswith("- ") for l in lines):
            yield "<ul>" + "".join(f"<li>{inline(l[2:])}</li>" for l in lines) + "</ul>"
        elif block.startswith("```"):
            yield f"<pre>{html.escape(chr(10).join(lines[1:-1]))}</pre>"
        else:
            yield f"<p>{inline(' '.join(lines))}</p>"


page = "\n".join(blocks("""
# Title & more

Some *nice* **bold** text with `a < b`
and a [link](http://x.y/?a=1).

- one
- *two*

```
if x < 3: pass
```
"""))
print(page)


class Outline(HTMLParser):
    def __init__(self): super().__init__(); self.depth, self.links = 0, []
    def handle_starttag(self, tag, attrs):
        print("  " * self.depth + tag, dict(attrs))
        self.depth += 1
        self.links += [v for k, v in attrs if k == "href"]
    def handle_endtag(self, tag): self.depth -= 1
    def handle_data(self, data):
        if data.strip(): print("  " * self.depth + repr(data))


o = Outline()
o.feed(page)
print(o.links, html.unescape("&lt;&eacute;&#x41;&amp;&nope;"), html.escape("'\""))
