import html
import re


class Template:
    """{{ expr }}, {% for x in expr %}, {% if expr %}, {% else %}, {% end %} compiled to a Python function."""

    def __init__(self, text):
        lines, depth = ["def render(**names):", "  out = []"], 1

        def emit(line):
            lines.append("  " * depth + line)

        self.names = set()
        for part in re.split(r"({{.*?}}|{%.*?%})", text):
            if part.startswith("{{"):
                expr, _, filter_ = part[2:-2].partition("|")
                value = f"str({expr.strip()})"
                emit(f"out.append({filter_.strip() + '(' + value + ')' if filter_ else value})")
            elif part.startswith("{%"):
                words = part[2:-2].split(None, 1)
                match words:
                    case ["end"]:
                        depth -= 1
                    case ["else"]:
                        depth -= 1
                        emit("else:")
                        depth += 1
                    case [("for" | "if" | "while") as head, rest]:
                        emit(f"{head} {rest.strip()}:")
                        depth += 1
                    case _:
                        raise SyntaxError(f"unknown tag {part!r}")
            elif part:
                emit(f"out.append({part!r})")
        emit("return ''.join(out)")
        self.source = "\n".join(lines)
        self.globals = {"escape": html.escape, "upper": str.upper}
        exec(compile(self.source, "<template>", "exec"), self.globals)

    def render(self, **names):
        scope = {**self.globals, **names}
        return type(self.globals["render"])(self.globals["render"].__code__, scope)()


page = Template("<h1>{{ title | escape }}</h1>\n{% for u in users %}{% if u['admin'] %}*{% else %}-{% end %} "
                "{{ u['name'] | upper }} ({{ len(u['name']) }})\n{% end %}total {{ sum(len(u) for u in users) }}")
print(page.render(title="A & B <c>", users=[{"name": "ann", "admin": True}, {"name": "bo", "admin": False}]))
print(page.source)
try:
    page.render(title="no users")
except NameError as e:
    print(e)
try:
    Template("{% bogus %}")
except SyntaxError as e:
    print(e.msg)
