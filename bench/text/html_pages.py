"""HTML: html.parser collecting links and text, an outline, tables out of a page; urllib.parse; quoting and queries."""
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, unquote, urlencode, urljoin, urlsplit


class Collector(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.words, self.depth, self.deepest, self.cells = [], 0, 0, 0, []

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        if tag == "a":
            self.links.append(dict(attrs).get("href"))
        elif tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag):
        self.depth -= 1

    def handle_data(self, data):
        self.words += len(data.split())
        if self.cells:
            self.cells[-1] += data


def page(count):
    rows = "".join(f'<tr class="r{n % 2}"><td>{n}</td><td><a href="/item?id={n}&amp;q=a+b">Item &quot;{n}&quot;</a><br>'
                   f'some <b>bold <i>text</i></b> &copy; here</td></tr>\n' for n in range(count))
    return f"<!DOCTYPE html><html><head><title>Page</title></head><body><!-- rows --><table>{rows}</table></body></html>"


def main():
    text = page(900)
    collector = Collector()
    for at in range(0, len(text), 5000):
        collector.feed(text[at:at + 5000])
    collector.close()
    print(len(collector.links), collector.words, collector.depth, collector.deepest, collector.cells[1])
    seen = {}
    for link in collector.links * 8:
        parts = urlsplit(urljoin("http://example.org/shop/index.html", link))
        query = parse_qs(parts.query)
        seen[parts.path] = seen.get(parts.path, 0) + int(query["id"][0]) + len(query["q"][0])
    print(seen)
    print(sum(len(urlencode({"id": n, "name": "Jö Smith & co", "tags": "a/b"})) for n in range(5000)))
    print(sum(len(unquote(quote(f"/päth/{n}/ü b?"))) for n in range(9000)))


if __name__ == "__main__":
    main()
