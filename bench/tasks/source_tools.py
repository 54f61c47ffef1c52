"""Work on source code: compiling and running generated modules, walking and changing syntax trees, tokenizing, unparsing."""
import ast
import io
import tokenize

TEMPLATE = '''
"""Generated module {n}."""
import math

LIMIT = {n}


class Shape{n}:
    """A shape."""

    def __init__(self, width, height=2, *, scale=1.5):
        self.width, self.height = width, height
        self.scale = scale if scale > 0 else abs(scale) or 1

    def area(self):
        return self.width * self.height * self.scale

    @property
    def label(self):
        return "shape %4dx%d" % (self.width, self.height)


def compute{n}(values):
    total = 0
    for index, value in enumerate(values):
        if value % 2 == 0 and index < LIMIT:
            total += math.floor(value / 3) + index
        elif value in (3, 5, 7) or not value:
            continue
        else:
            try:
                total -= [v * v for v in range(value % 5) if v != 2][-1]
            except IndexError as error:
                total += len(str(error))
    return total, {{k: v for k, v in zip("abc", values)}}
'''


class Rename(ast.NodeTransformer):
    def visit_Name(self, node):
        if node.id == "total":
            return ast.copy_location(ast.Name("sum_", node.ctx), node)
        return node

    def visit_Constant(self, node):
        return ast.copy_location(ast.Constant(node.value + 1), node) if type(node.value) is int else node


class Counter(ast.NodeVisitor):
    def __init__(self):
        self.kinds = {}

    def generic_visit(self, node):
        name = type(node).__name__
        self.kinds[name] = self.kinds.get(name, 0) + 1
        super().generic_visit(node)


def main():
    results = 0
    for n in range(120):
        space = {}
        exec(compile(TEMPLATE.format(n=n), f"module{n}.py", "exec"), space)
        total, letters = space[f"compute{n}"](list(range(n, n + 20)))
        results += total + letters["a"] + int(space[f"Shape{n}"](n).area())
    print(results)
    tree = ast.parse("".join(TEMPLATE.format(n=n) for n in range(25)))
    counter = Counter()
    counter.visit(tree)
    print(counter.kinds["Name"], counter.kinds["Call"], counter.kinds["FunctionDef"])
    changed = ast.fix_missing_locations(Rename().visit(tree))
    text = ast.unparse(changed)
    print(len(text.splitlines()), text.count("sum_"))
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    print(len(tokens), sum(t.type == tokenize.NAME for t in tokens), sum(eval(f"{n} * 2 + {n} ** 2") for n in range(1500)))


if __name__ == "__main__":
    main()
