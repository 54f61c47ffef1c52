"""Polymorphism: an expression tree with virtual methods, a visitor by class name, match statements, isinstance."""
from abc import ABC, abstractmethod


class Expression(ABC):
    @abstractmethod
    def value(self, env):
        """Its value under env."""

    def size(self):
        return 1


class Number(Expression):
    __match_args__ = ("n",)

    def __init__(self, n):
        self.n = n

    def value(self, env):
        return self.n


class Variable(Expression):
    __match_args__ = ("name",)

    def __init__(self, name):
        self.name = name

    def value(self, env):
        return env[self.name]


class Binary(Expression):
    __match_args__ = ("left", "right")

    def __init__(self, left, right):
        self.left, self.right = left, right

    def size(self):
        return 1 + self.left.size() + self.right.size()


class Add(Binary):
    def value(self, env):
        return self.left.value(env) + self.right.value(env)


class Multiply(Binary):
    def value(self, env):
        return self.left.value(env) * self.right.value(env) % 10007


def simplify(node):
    match node:
        case Add(Number(a), Number(b)):
            return Number(a + b)
        case Multiply(Number(0), _) | Multiply(_, Number(0)):
            return Number(0)
        case Multiply(Number(1), other) | Multiply(other, Number(1)):
            return simplify(other)
        case Binary(left, right):
            return type(node)(simplify(left), simplify(right))
        case _:
            return node


class Printer:
    def visit(self, node):
        return getattr(self, "visit_" + type(node).__name__)(node)

    def visit_Number(self, node):
        return str(node.n)

    def visit_Variable(self, node):
        return node.name

    def visit_Add(self, node):
        return f"({self.visit(node.left)} + {self.visit(node.right)})"

    def visit_Multiply(self, node):
        return f"{self.visit(node.left)} * {self.visit(node.right)}"


def build(depth, seed):
    if depth == 0:
        return Number(seed % 4) if seed % 3 else Variable("xyz"[seed % 3 + seed % 2])
    kind = Add if seed % 2 else Multiply
    return kind(build(depth - 1, seed * 5 % 1013), build(depth - 1, seed * 7 % 1019))


def count_kinds(node, counts):
    name = "number" if isinstance(node, Number) else "binary" if isinstance(node, Binary) else "variable"
    counts[name] = counts.get(name, 0) + 1
    if isinstance(node, Binary):
        count_kinds(node.left, counts)
        count_kinds(node.right, counts)
    return counts


def main():
    trees = [build(9, seed) for seed in range(1, 21)]
    print(sum(tree.size() for tree in trees))
    print(sum(tree.value({"x": n, "y": 2, "z": 3}) for n in range(14) for tree in trees))
    simple = [simplify(simplify(tree)) for tree in trees]
    print(sum(tree.size() for tree in simple), count_kinds(simple[3], {}))
    print(sum(tree.value({"x": n, "y": 2, "z": 3}) for n in range(14) for tree in simple))
    texts = [Printer().visit(tree) for tree in trees]
    print(sum(map(len, texts)), texts[4][:60])


if __name__ == "__main__":
    main()
