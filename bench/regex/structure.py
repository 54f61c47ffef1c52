"""Matching structure: nested quantifiers, backtracking, conditionals, lazy and greedy, verbose patterns, many compiles."""
import re

PYTHON_STRING = re.compile(r"""
    (?P<prefix>[rbf]{0,2})             # a prefix
    (?:'''(?P<long>(?:[^'\\]|\\.|'(?!''))*)'''
      |"(?P<double>(?:[^"\\]|\\.)*)"
      |'(?P<single>(?:[^'\\]|\\.)*)')
""", re.VERBOSE | re.IGNORECASE | re.DOTALL)


def main():
    source = r"""x = 'one\'s' + "two" + r'''long 'inner' text''' + b"raw\x00" + f'{y!r}'; """ * 2000
    kinds = {}
    for m in PYTHON_STRING.finditer(source):
        key = m["prefix"], "long" if m["long"] is not None else "double" if m["double"] is not None else "single"
        kinds[key] = kinds.get(key, 0) + 1
    print(sorted(kinds.items()))
    print(sum(re.fullmatch(r"(a|ab|b)*c?", "ab" * n + "c") is not None for n in range(150)))
    print(sum(re.match(r"(x+x+)+y", "x" * n) is None for n in range(2, 15)))
    print(sum(bool(re.fullmatch(r"(<)?\w+(?(1)>)", s)) for s in ["<tag>", "tag", "<tag", "tag>"] * 8000))
    html = "<b>bold</b><i>it</i><b>more <i>x</i></b>" * 1200
    print(len(re.findall(r"<b>(.*?)</b>", html)), len(re.findall(r"<(\w)>[^<]*</\1>", html)), len(re.match(r"<b>.*</b>", html)[0]))
    re.purge()
    print(sum(re.compile(rf"(?:word{n}|[a-{chr(98 + n % 20)}]+\d{{{n % 5},}})(?=x|y{n})").groups == 0 for n in range(800)))
    print(len(re.findall(r"(?s)/\*(?:[^*]|\*(?!/))*\*/", "/* c ** */ code /* d\n */ " * 1500)))
    print(re.findall(r"(?m)^(\w+)\s*=\s*(?:\"([^\"]*)\"|(\S+))\s*$", "a = 1\nname = \"x y\"\nbad line here\nz=9\n" * 3)[:3])


if __name__ == "__main__":
    main()
