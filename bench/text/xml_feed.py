"""XML: a feed built with ElementTree, serialised, parsed, searched by path, streamed with iterparse and changed."""
import io
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape, unescape


def build(count):
    root = ET.Element("feed", version="2")
    ET.SubElement(root, "title").text = "News & more <today>"
    for n in range(count):
        entry = ET.SubElement(root, "entry", id=str(n), kind="odd" if n % 2 else "even")
        ET.SubElement(entry, "name").text = f"Entry {n}"
        ET.SubElement(entry, "price", unit="EUR").text = f"{n * 1.25:.2f}"
        tags = ET.SubElement(entry, "tags")
        for tag in range(n % 4):
            ET.SubElement(tags, "tag").text = f"tag{tag}"
    return root


def main():
    text = ET.tostring(build(2500), encoding="unicode")
    print(len(text), text[:90])
    root = ET.fromstring(text)
    print(len(root), root.find("title").text, sum(float(p.text) for p in root.iter("price")))
    print(len(root.findall("entry[@kind='odd']/tags/tag")), root.findtext("entry/name"), len(root.findall(".//tag")))
    names = 0
    for event, element in ET.iterparse(io.StringIO(text), events=("start", "end")):
        if event == "end" and element.tag == "entry":
            names += len(element.findtext("name"))
            element.clear()
    print(names)
    for entry in root.findall("entry"):
        if int(entry.get("id")) % 3 == 0:
            root.remove(entry)
        else:
            entry.set("seen", "yes")
            entry.find("price").tail = "\n"
    out = io.BytesIO()
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    print(len(out.getvalue()), sum(1 for _ in root.iter()))
    small = ET.fromstring("<a><b c='1'>x</b><b>y<d/>z</b></a>")
    ET.indent(small)
    print(ET.tostring(small).decode(), "".join(small.itertext()).split())
    print(sum(len(unescape(escape(f"<{n} & 'more'>"))) for n in range(15_000)))


if __name__ == "__main__":
    main()
