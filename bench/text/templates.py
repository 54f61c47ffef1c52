"""Template rendering: a small engine with loops, conditions and filters compiled to closures; string.Template; html."""
import html
import re
import string

TOKEN = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
FILTERS = {"upper": str.upper, "money": lambda v: f"{v:,.2f}", "escape": html.escape, "length": lambda v: str(len(v))}

PAGE = """<html><title>{{ title|escape|upper }}</title>
{% for item in items %}<tr class="{{ item.kind }}"><td>{{ item.name|escape }}</td><td>{{ item.price|money }}</td>
{% if item.tags %}<ul>{% for tag in item.tags %}<li>{{ tag|upper }}</li>{% endfor %}</ul>{% endif %}</tr>
{% endfor %}<footer>{{ items|length }} items</footer></html>"""


def lookup(path):
    parts = path.split(".")

    def find(context):
        value = context[parts[0]]
        for part in parts[1:]:
            value = value[part] if isinstance(value, dict) else getattr(value, part)
        return value
    return find


def expression(text):
    path, *filters = text.strip().split("|")
    find, functions = lookup(path), [FILTERS[f] for f in filters]

    def render(context):
        value = find(context)
        for function in functions:
            value = function(value)
        return value if isinstance(value, str) else str(value)
    return render


def block(tokens, ends=()):
    parts = []
    while tokens:
        token = tokens.pop(0)
        if token.startswith("{{"):
            parts.append(expression(token[2:-2]))
        elif token.startswith("{%"):
            words = token[2:-2].split()
            if words[0] in ends:
                break
            if words[0] == "for":
                parts.append(loop(words[1], lookup(words[3]), block(tokens, ("endfor",))))
            else:
                parts.append(condition(lookup(words[1]), block(tokens, ("endif",))))
        elif token:
            parts.append(lambda context, token=token: token)
    return lambda context: "".join([part(context) for part in parts])


def loop(name, find, body):
    return lambda context: "".join([body({**context, name: value}) for value in find(context)])


def condition(test, body):
    return lambda context: body(context) if test(context) else ""


def main():
    items = [{"name": f"Item <{n}>", "price": n * 12.5, "kind": "ab"[n % 2], "tags": ["new", "hot"][:n % 3]} for n in range(200)]
    for _ in range(55):
        render = block(TOKEN.split(PAGE))
        page = render({"title": "Shop & Co", "items": items})
    print(len(page), page[:120])
    letter = string.Template("Dear $name, you owe ${amount} $$ since $date.")
    print(sum(len(letter.substitute(name=f"N{n}", amount=n * 3, date="May")) for n in range(12_000)))
    print(letter.safe_substitute(name="Ann"), len(html.unescape(html.escape(page)) * 3))


if __name__ == "__main__":
    main()
