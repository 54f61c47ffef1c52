"""A calculator language: Pratt parser to tuples, constant folding, an evaluator with variables and functions, a printer."""
import math

BINDING = {"+": 10, "-": 10, "*": 20, "/": 20, "%": 20, "^": 30}


class Parser:
    def __init__(self, text):
        self.tokens, self.at = self.lex(text), 0

    def lex(self, text):
        tokens, i = [], 0
        while i < len(text):
            c = text[i]
            if c.isspace():
                i += 1
                continue
            start = i
            if c.isdigit() or c == ".":
                while i < len(text) and (text[i].isdigit() or text[i] == "."):
                    i += 1
                tokens.append(float(text[start:i]))
            elif c.isalpha():
                while i < len(text) and text[i].isalnum():
                    i += 1
                tokens.append(text[start:i])
            else:
                tokens.append(c)
                i += 1
        tokens.append("end")
        return tokens

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, power=0):
        token = self.next()
        if isinstance(token, float):
            left = ("number", token)
        elif token == "-":
            left = ("negate", self.expression(25))
        elif token == "(":
            left = self.expression()
            self.next()
        elif self.tokens[self.at] == "(":
            self.next()
            args = []
            while self.tokens[self.at] != ")":
                args.append(self.expression())
                if self.tokens[self.at] == ",":
                    self.next()
            self.next()
            left = ("call", token, tuple(args))
        else:
            left = ("name", token)
        while (binding := BINDING.get(self.tokens[self.at], 0)) > power:
            operator = self.next()
            left = ("binary", operator, left, self.expression(binding - (operator == "^")))
        return left


def apply(operator, a, b):
    if operator == "+":
        return a + b
    if operator == "-":
        return a - b
    if operator == "*":
        return a * b
    if operator == "/":
        return a / b if b else 0.0
    return math.fmod(a, b) if operator == "%" and b else math.pow(abs(a), min(b, 8.0))


FUNCTIONS = {"sin": math.sin, "max": max, "sqrt": lambda x: math.sqrt(abs(x)), "hyp": math.hypot}


def evaluate(node, names):
    match node:
        case ("number", value):
            return value
        case ("name", name):
            return names[name]
        case ("negate", inner):
            return -evaluate(inner, names)
        case ("binary", operator, left, right):
            return apply(operator, evaluate(left, names), evaluate(right, names))
        case ("call", name, args):
            return FUNCTIONS[name](*[evaluate(arg, names) for arg in args])


def fold(node):
    if node[0] == "binary":
        left, right = fold(node[2]), fold(node[3])
        if left[0] == right[0] == "number":
            return "number", apply(node[1], left[1], right[1])
        return "binary", node[1], left, right
    if node[0] == "negate":
        inner = fold(node[1])
        return ("number", -inner[1]) if inner[0] == "number" else ("negate", inner)
    if node[0] == "call":
        return "call", node[1], tuple(map(fold, node[2]))
    return node


def show(node):
    kind = node[0]
    if kind == "number":
        return f"{node[1]:g}"
    if kind == "binary":
        return f"({show(node[2])} {node[1]} {show(node[3])})"
    if kind == "negate":
        return f"-{show(node[1])}"
    return node[1] if kind == "name" else f"{node[1]}({', '.join(map(show, node[2]))})"


def main():
    sources = [f"(x + {n}) * sin(y / {n % 7 + 1}) - 2 ^ 3 * max(x, {n % 5}, -y) + sqrt(x % 3 + hyp({n}, 4)) - -(1 + 2 * 3)" for n in range(600)]
    trees = [Parser(source).expression() for source in sources]
    folded = [fold(tree) for tree in trees]
    print(show(trees[3]))
    print(show(folded[3]))
    total = 0.0
    for x in range(8):
        names = {"x": float(x), "y": x * 0.5}
        for tree, short in zip(trees, folded):
            value = evaluate(tree, names)
            assert value == evaluate(short, names)
            total += value
    print(f"{total:.6f}")


if __name__ == "__main__":
    main()
