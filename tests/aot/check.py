"""Translates the functions of functions.py to C, compiles and loads them, and compares them with the interpreter.

Run by tests/c/vm/test_compiled_functions.c, whose module _compiled loads what the C compiler made. Prints the speed-up
of each function.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
import types

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import _compiled  # noqa: E402
import functions  # noqa: E402
import translate  # noqa: E402


def all_codes(module):
    """Every code object of the module's functions, inner ones included."""
    found, todo = [], [v.__code__ for v in vars(module).values() if isinstance(v, types.FunctionType)]
    for cls in vars(module).values():
        if isinstance(cls, type):
            todo += [getattr(m, "fget", m).__code__ for m in vars(cls).values() if isinstance(m, (types.FunctionType, property))]
    while todo:
        code = todo.pop(0)
        if code not in found:
            found.append(code)
            todo += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return found


def build(root, flags, codes, folder):
    source, target = os.path.join(folder, "functions.c"), os.path.join(folder, "functions.so")
    with open(source, "w", encoding="utf-8") as file:
        file.write(translate.translate(codes, root))
    command = [os.environ.get("CC", "clang-19"), "-std=c23", "-O2", "-fPIC", "-shared", "-fno-strict-aliasing", "-ffp-contract=off",
               "-D_GNU_SOURCE", "-Wno-unused-label", f"-I{root}", f"-I{root}/src", f"-I{root}/build/gen", *flags, "-o", target, source]
    subprocess.run(command, check=True)
    return target


def timed(function, arguments):
    """Best seconds of many calls, and what each of them returned."""
    best, answers, begun = math.inf, [], time.perf_counter()
    while len(answers) < 3 or (len(answers) < 25 and time.perf_counter() - begun < 0.25):
        started = time.perf_counter()
        answers.append(function(*arguments))
        best = min(best, time.perf_counter() - started)
    return best, answers


def main():
    root, flags = sys.argv[1], sys.argv[2:]
    codes = all_codes(functions)
    before = [timed(*case) for case in functions.CASES]
    with tempfile.TemporaryDirectory() as folder:
        _compiled.load(build(root, flags, codes, folder), tuple(codes))
    failed, ratios = 0, []
    for (function, arguments), (slow, expected) in zip(functions.CASES, before):
        fast, answers = timed(function, arguments)
        ratios.append(slow / fast)
        same = len({repr(a) for a in answers + expected}) == 1
        failed += not same
        print(f"{function.__name__:26}{slow * 1000:9.2f} ms interpreted {fast * 1000:9.2f} ms compiled {slow / fast:6.2f} x"
              f"{'' if same else f'  WRONG: {answers[0]!r:.80}, expected {expected[0]!r:.80}'}")
    print(f"{len(codes)} functions compiled; geometric mean {math.exp(sum(map(math.log, ratios)) / len(ratios)):.2f} x")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
