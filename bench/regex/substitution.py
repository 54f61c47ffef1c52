"""Rewriting with re.sub: references, functions, camel case and back, a templating pass, whitespace, a roman cleaner."""
import re


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def camel(name):
    return re.sub(r"_(\w)", lambda m: m[1].upper(), name)


def expand(text, values):
    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", lambda m: str(values.get(m[1] or m[2], m[0])), text)


def main():
    names = ["parseHTTPResponse", "userID", "simpleName", "XMLHttpRequest", "already_snake", "getURLForKey2"] * 1500
    snakes = [snake(name) for name in names]
    print(snakes[:6], [camel(s) for s in snakes][:6])
    values = {f"k{n}": n * n for n in range(50)}
    print(len(expand("x $k1 and ${k22}, $missing; " * 2500, values)))
    text = "The   colour of  the  centre:\tgrey ,  honour ;\n\n and  theatre .  " * 700
    for pattern, repl in ((r"[ \t]+", " "), (r"\s+([,;.:])", r"\1"), (r"\bcolour\b", "color"), (r"(\w+)tre\b", r"\1ter"), (r"\n{2,}", "\n")):
        text, count = re.subn(pattern, repl, text)
        print(len(text), count)
    print(re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3.\2.\1", "2026-11-28, 1999-12-31; " * 3000)[:24])
    print(len(re.sub(r"(?i)\b(the|and|of)\b\s*", "", text)), re.sub(r"(?P<q>['\"])(.*?)(?P=q)", r"<\2>", "say 'hi' and \"yo\" "))
    print(len(re.sub(r"(?<!\d)(\d{1,3})(?=(?:\d{3})+(?!\d))", r"\1,", "1234567 89 1000 " * 1500)))
    print(sum(len(re.split(r"[,;\s]\s*", line)) for line in text.split("\n")), len(re.escape(text[:2000])))


if __name__ == "__main__":
    main()
