"""co_code, equality and hash of a code object do not show what running it made of its instructions."""
import marshal


class Box:
    def __init__(self):
        self.value = 1


def work(n):
    box, total = Box(), 0
    for i in range(n):
        box.value = box.value + i
        total += len(str(box.value))
    return total


def fresh():
    return compile("def f(x):\n    return len(x) + x.__len__()\n", "f.py", "exec").co_consts[0]


before = work.__code__.co_code
print(work(50), work.__code__.co_code == before)
used, unused = fresh(), fresh()
namespace = {}
exec(compile("def f(x):\n    return len(x) + x.__len__()\n", "f.py", "exec"), namespace)
for _ in range(20):
    namespace["f"]([1, 2])
print(namespace["f"].__code__ == unused, hash(namespace["f"].__code__) == hash(unused))
copy = marshal.loads(marshal.dumps(work.__code__))
print(type(work)(copy, globals())(50), copy == work.__code__)
