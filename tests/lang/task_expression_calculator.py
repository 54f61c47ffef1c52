import operator
import re


class Parser:
    """A recursive-descent calculator: + - * / // % ** parentheses, names, calls and assignment."""

    TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|([A-Za-z_]\w*)|(\*\*|//|.))")
    OPS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
           "//": operator.floordiv, "%": operator.mod}

    def __init__(self, names=None):
        self.names = dict(names or {}, max=max, min=min, abs=abs)

    def run(self, text):
        self.tokens = [m.groups() for m in self.TOKEN.finditer(text.strip())]
        self.at = 0
        if len(self.tokens) > 1 and self.tokens[0][1] and self.tokens[1][2] == "=":
            self.at = 2
            value = self.names[self.tokens[0][1]] = self.sum()
        else:
            value = self.sum()
        if self.at < len(self.tokens):
            raise SyntaxError(f"unexpected {self.peek()!r}")
        return value

    def peek(self):
        return next(filter(None, self.tokens[self.at])) if self.at < len(self.tokens) else None

    def accept(self, *options):
        if self.peek() in options:
            self.at += 1
            return self.tokens[self.at - 1][2]

    def sum(self):
        value = self.product()
        while op := self.accept("+", "-"):
            value = self.OPS[op](value, self.product())
        return value

    def product(self):
        value = self.unary()
        while op := self.accept("*", "/", "//", "%"):
            value = self.OPS[op](value, self.unary())
        return value

    def unary(self):
        if self.accept("-"):
            return -self.unary()
        value = self.atom()
        return value ** self.unary() if self.accept("**") else value

    def atom(self):
        if self.at >= len(self.tokens):
            raise SyntaxError("unexpected end")
        number, name, op = self.tokens[self.at]
        self.at += 1
        if number:
            return float(number) if "." in number else int(number)
        if name:
            if self.accept("("):
                args = [self.sum()]
                while self.accept(","):
                    args.append(self.sum())
                self.accept(")")
                return self.names[name](*args)
            return self.names[name]
        if op == "(":
            value = self.sum()
            if not self.accept(")"):
                raise SyntaxError("missing )")
            return value
        raise SyntaxError(f"unexpected {op!r}")


p = Parser({"pi": 3.14159})
for line in ("1 + 2 * 3", "(1 + 2) * 3", "-2 ** 2", "2 ** 3 ** 2", "x = 7 // 2", "x * pi", "max(1, x, 2) % 2", "1 / 0",
             "(1", "1 +", "nope", "2 $ 3", "abs(-5) - -5", "10 / 4"):
    try:
        print(line, "=", p.run(line))
    except (SyntaxError, ArithmeticError, KeyError) as e:
        print(line, "!", type(e).__name__, e)
