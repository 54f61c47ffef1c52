"""xml.etree.ElementTree: trees built, changed, searched, copied, pickled, parsed whole and by pieces, and what fails."""
import copy
import gc
import io
import pickle
import weakref
import xml.etree.ElementTree as ET


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__, str(error)


root = ET.Element("root", {"a": "1"}, b="2")
for n in range(4):
    child = ET.SubElement(root, "item", attrib={"n": str(n)}, kind="odd" if n % 2 else "even")
    child.text, child.tail = f"text {n}", "\n"
    ET.SubElement(child, "sub").text = str(n)
print(ET.tostring(root).decode())
print(len(root), root[1].attrib, [e.get("n") for e in root[::-2]], root.get("z", 9), sorted(root.keys()), root.items())
for call in (lambda: ET.Element(), lambda: ET.Element("a", 3), lambda: ET.SubElement(root, "x", 3), lambda: root[9],
             lambda: root["a"], lambda: root.append(3), lambda: root.insert(0, "x"), lambda: root.extend([3]),
             lambda: root.__setitem__(0, 3), lambda: root.__setitem__(slice(0, 2), 3), lambda: root.__delitem__(77),
             lambda: root.remove(ET.Element("q")), lambda: setattr(root, "attrib", 3), lambda: delattr(root, "tag"),
             lambda: root.__setstate__(3), lambda: ET.TreeBuilder().end("x"), lambda: ET.XMLParser(encoding=3),
             lambda: ET.XMLParser()._setevents([], ["what"])):
    print(attempt(call))

# searching
print(root.find("item").get("n"), root.find("nothing"), root.findtext("item/sub"), root.findtext("none", "default"))
print(len(root.findall("item")), [e.get("n") for e in root.findall("item[@kind='odd']")], len(list(root.iterfind(".//sub"))))
print([e.tag for e in root.iter()], [e.text for e in root.iter("sub")], list(root.itertext()))
grown = []
for e in root.iter("item"):
    if len(grown) < 3:
        grown.append(ET.SubElement(e, "item", n="new"))
print(len(list(root.iter("item"))))

# changing
del root[0]
root[1:3] = [ET.Element("x"), ET.Element("y"), ET.Element("z")]
root.insert(-1, ET.Element("w"))
root.remove(root[0])
print([e.tag for e in root])
twin, deep = copy.copy(root), copy.deepcopy(root)
print(twin == root, twin[0] is root[0], deep[0] is root[0], ET.tostring(deep) == ET.tostring(root))
again = pickle.loads(pickle.dumps(root))
print(ET.tostring(again) == ET.tostring(root), [e.tag for e in again.__getstate__()["_children"]])
root.clear()
print(ET.tostring(root), root.text)
cycle = ET.Element("cycle")
cycle.append(cycle)
watcher = weakref.ref(cycle)
del cycle
gc.collect()
print(watcher())

# parsing
text = "<?xml version='1.0'?><!-- c --><d:a xmlns:d='uri' d:k='v' p='&lt;&#228;'>one\ntwo<b/>tail&amp;<?pi data?><!--in--><c>é</c></d:a>"
tree = ET.fromstring(text)
print(ET.tostring(tree, encoding="unicode"), tree.attrib, list(tree.itertext()))
print(ET.tostring(ET.XML(text, ET.XMLParser(target=ET.TreeBuilder(insert_comments=True, insert_pis=True))), encoding="unicode"))
for wrong in ("<a>", "<a></b>", "x", "<a>&nothing;</a>", "<!DOCTYPE a SYSTEM 'x'><a>&nothing;</a>", "<a/><b/>"):
    try:
        ET.fromstring(wrong)
    except ET.ParseError as error:
        print(error, error.code, error.position)
for event, what in ET.iterparse(io.BytesIO(text.encode()), ("start", "end", "start-ns", "end-ns", "comment", "pi")):
    print(event, getattr(what, "tag", what) if event in ("start", "end") else getattr(what, "text", what))
puller = ET.XMLPullParser()
for n in range(0, len(text), 7):
    puller.feed(text[n:n + 7])
puller.close()
print([(event, e.tag) for event, e in puller.read_events()])


class Target:
    def start(self, tag, attributes):
        print("start", tag, attributes)

    def data(self, data):
        print("data", repr(data))

    def comment(self, text):
        print("comment", text)

    def doctype(self, *ids):
        print("doctype", ids)

    def close(self):
        return "closed"


parser = ET.XMLParser(target=Target())
parser.entity["known"] = "something"
parser.feed("<!DOCTYPE r PUBLIC 'p' 's'><r a='1'>x&known;<!--c-->y</r>")
print(parser.close())


class Failing:
    def start(self, tag, attributes):
        raise ZeroDivisionError(tag)


print(attempt(ET.XMLParser(target=Failing()).feed, "<a><b/></a>"))
