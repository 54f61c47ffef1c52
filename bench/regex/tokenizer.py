"""A tokenizer: one alternation of named groups run over source text with finditer and scanner, then a small checker."""
import re

KINDS = [("number", r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?"), ("string", r'"(?:[^"\\\n]|\\.)*"'), ("comment", r"//[^\n]*|/\*.*?\*/"),
         ("name", r"[A-Za-z_]\w*"), ("operator", r"<=|>=|==|!=|&&|\|\||[-+*/%<>=!]"), ("bracket", r"[()\[\]{}]"),
         ("mark", r"[;,.]"), ("newline", r"\n"), ("space", r"[ \t]+"), ("error", r".")]
MASTER = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in KINDS), re.DOTALL)
KEYWORDS = {"if", "else", "while", "return", "function", "let"}

SOURCE = '''
function gcd(a, b) {  // Euclid's
    while (b != 0) { let t = a % b; a = b; b = t; }
    return a;
}
/* A longer
   comment */
let table = [1, 2.5, 3e10, 0.1e-5];
let text = "quoted \\"text\\" with escapes\\n";
if (gcd(12, 18) >= 6 && !done || text == "") { print(table[2], text.length); } else { x1 = @; }
'''


def tokens(text):
    line = 1
    for match in MASTER.finditer(text):
        kind = match.lastgroup
        if kind == "newline":
            line += 1
        elif kind == "comment":
            line += match.group().count("\n")
        elif kind != "space":
            value = match.group()
            yield "keyword" if kind == "name" and value in KEYWORDS else kind, value, line


def balanced(stream):
    stack, pairs = [], {")": "(", "]": "[", "}": "{"}
    for kind, value, line in stream:
        if kind == "bracket":
            if value in pairs:
                if not stack or stack.pop() != pairs[value]:
                    return line
            else:
                stack.append(value)
    return 0 if not stack else -1


def main():
    text = SOURCE * 520
    counts, last = {}, None
    for kind, value, line in tokens(text):
        counts[kind] = counts.get(kind, 0) + 1
        last = kind, value, line
    print(sorted(counts.items()), last)
    print(balanced(tokens(text)), balanced(tokens(text + ")")))
    scanner, total = re.compile(r"\s*(?:(\d+)|(.))").scanner("12 + 34*5-6 " * 5000), 0
    while match := scanner.match():
        number, other = match.groups()
        total += int(number) if number else ord(other)
    print(total)
    words = re.Scanner([(r"\d+", lambda s, t: int(t)), (r"\w+", lambda s, t: t.upper()), (r"\s+", None)])
    print(len(words.scan("ab 12 cd 345 " * 1500)[0]))


if __name__ == "__main__":
    main()
