import re
from collections import ChainMap
from types import SimpleNamespace

SOURCE = """
# servers
timeout = 30
name = "main server"
server web {
    port = 8080
    hosts = ["a.example", "b.example"]
    limits { cpu = 1.5  debug = true }
}
server db { port = 5432 timeout = 5 }
"""

TOKEN = re.compile(r'\s*(?:#.*|(?P<num>-?\d+(?:\.\d+)?)|(?P<str>"(?:[^"\\]|\\.)*")|(?P<word>\w+)|(?P<op>[={}\[\],]))')


def tokens(text):
    at = 0
    while at < len(text):
        m = TOKEN.match(text, at)
        if not m:
            if text[at:].isspace():
                return
            line = text.count("\n", 0, at) + 1
            raise SyntaxError(f"line {line}: unexpected {text[at:].lstrip()[0]!r}")
        at = m.end()
        if m.lastgroup:
            yield m.lastgroup, m[m.lastgroup]


def parse(stream, closing=None):
    result = {}
    for kind, text in stream:
        if text == closing:
            return result
        if kind != "word":
            raise SyntaxError(f"expected a name, got {text!r}")
        kind, follow = next(stream)
        if follow == "=":
            result[text] = value(stream, *next(stream))
        elif follow == "{":
            result[text] = parse(stream, "}")
        else:
            next(stream)
            result.setdefault(text, {})[follow] = parse(stream, "}")
    if closing:
        raise SyntaxError("missing " + closing)
    return result


def value(stream, kind, text):
    if kind == "num":
        return float(text) if "." in text else int(text)
    if kind == "str":
        return text[1:-1].encode().decode("unicode_escape")
    if text == "[":
        items = []
        while (token := next(stream))[1] != "]":
            if token[1] != ",":
                items.append(value(stream, *token))
        return items
    return {"true": True, "false": False}[text]


config = parse(tokens(SOURCE))
print(config)
for name, server in config["server"].items():
    view = ChainMap(server, config)
    print(name, view["port"], view["timeout"], SimpleNamespace(**server.get("limits", {})))
for bad in ("a = ?", "a {", "5 = 5", 'b = nope'):
    try:
        print(parse(tokens(bad)))
    except (SyntaxError, KeyError, StopIteration) as e:
        print(type(e).__name__, e)
