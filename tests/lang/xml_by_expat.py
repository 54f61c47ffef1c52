"""Events of pyexpat: order, arguments, buffering of text, errors, and what ElementTree and minidom make of them."""

import xml.dom.minidom
import xml.etree.ElementTree as ElementTree
from xml.parsers import expat

TEXT = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE r [<!ELEMENT r (a|b)*><!ATTLIST a k CDATA "d"><!ENTITY e "value"><!NOTATION n SYSTEM "s">]>
<r xmlns:x="urn:x"><!-- note --><a k="1" z="é">one &amp; two &e;</a><x:b/><?pi data?><![CDATA[<raw>]]></r>
"""
HANDLERS = [name for name in dir(expat.XMLParserType) if name.endswith("Handler") and not name.startswith("Default")]
HANDLERS.remove("ExternalEntityRefHandler")


def events(separator=None, **settings):
    parser = expat.ParserCreate(namespace_separator=separator)
    for name, value in settings.items():
        setattr(parser, name, value)
    seen = []
    for name in HANDLERS:
        def handler(*arguments, name=name):
            seen.append((name[:-7], parser.CurrentLineNumber, *arguments))
            return 1
        setattr(parser, name, handler)
    print(parser.Parse(TEXT, True))
    return seen


for event in events(): print(*event)
print(*(e[0::2] for e in events("|", buffer_text=True, ordered_attributes=True)), sep="\n")
print([e[2:] for e in events(specified_attributes=True) if e[0] == "StartElement"])

parser = expat.ParserCreate()
try:
    parser.Parse(b"<a><b></a>", True)
except expat.ExpatError as error:
    print(error, error.code, error.lineno, error.offset, expat.ErrorString(error.code) == expat.errors.XML_ERROR_TAG_MISMATCH)


class Stop(Exception):
    pass


def stop(*arguments):
    raise Stop(*arguments)


calls = []
parser = expat.ParserCreate()
parser.StartElementHandler = stop
parser.EndElementHandler = calls.append
try:
    parser.Parse(b"<a></a>", True)
except Stop as error:
    print(error.args, calls, parser.StartElementHandler)

parser = expat.ParserCreate()
outer = []
parser.SetBase("base")
def external(context, base, system_id, public_id):
    inner = parser.ExternalEntityParserCreate(context)
    inner.StartElementHandler = lambda name, attributes: outer.append((name, base, system_id))
    return inner.Parse(b"<inside/>", True)
parser.ExternalEntityRefHandler = external
parser.Parse('<!DOCTYPE r [<!ENTITY e SYSTEM "there">]><r>&e;</r>', True)
print(outer)

for bad in ("x", b"\x80"):
    try:
        parser = expat.ParserCreate(encoding="koi8-r")
        print(parser.Parse(b"<a>\xc1</a>", True), parser.Parse(bad))
    except expat.ExpatError as error:
        print(error)
for value in (0, "a", 1 << 40):
    try: parser.buffer_size = value
    except (TypeError, ValueError) as error: print(type(error), error)
try: expat.ParserCreate(namespace_separator="ab")
except ValueError as error: print(error)
try: type(parser)()
except TypeError as error: print(error)

root = ElementTree.fromstring(TEXT)
print(ElementTree.tostring(root, encoding="unicode"), [e.tag for e in root.iter()], root.find("a").attrib)
print(xml.dom.minidom.parseString(TEXT).documentElement.toprettyxml())
try: ElementTree.fromstring("<a>")
except ElementTree.ParseError as error: print(error, error.position)
