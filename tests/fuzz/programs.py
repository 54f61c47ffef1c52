#!/usr/bin/env python3
"""Run random programs on Krait and on CPython, and compare what they print.

usage: tests/fuzz/programs.py [--krait PATH] [--first N] [--count N] [--minutes M] [--jobs N]
       tests/fuzz/programs.py --show N        the text of program N

Program N is made from N alone by tests/fuzz/program_maker.py. The programs are valid, they end, and what they print depends on
nothing but the language: no addresses, no order of sets, no moment of finalization. Each function is called several times with values
of several kinds, so that what an interpreter has learnt from the first calls is wrong in the next.

A batch runs in one process of each interpreter, one after the other. Ends with one count line.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import batches  # noqa: E402
import limits  # noqa: E402

MAKER = ROOT / "tests/fuzz/program_maker.py"
REFERENCE = ROOT / "build/reference/bin/python3.14"


def answers(interpreter, first, count, options):
    """A list of the outputs of `count` programs, or the error text of the process that did not print them all."""
    ran = limits.run([str(interpreter), str(MAKER), str(first), str(count)], seconds=options.seconds)
    text = re.sub("0x[0-9a-f]{6,}", "ADDRESS", ran.out.decode(errors="surrogateescape"))
    outputs = text.split("\0")[1:]
    if ran.status or len(outputs) != count:
        return outputs, f"{ran.describe()}\n{ran.err[-1500:].decode(errors='replace')}"
    return outputs, None


def difference(ours, theirs):
    for number, (a, b) in enumerate(zip(ours.splitlines(), theirs.splitlines()), 1):
        if a != b:
            return f"line {number}\n       krait   {a[:300]}\n       cpython {b[:300]}"
    return f"{len(ours.splitlines())} lines instead of {len(theirs.splitlines())}"


def batch(first, count, options):
    """The problems of programs `first` to `first + count`, as texts."""
    theirs, trouble = answers(REFERENCE, first, count, options)
    if trouble:
        return [f"programs from {first}: CPython: {trouble}"]
    ours, trouble = answers(options.krait, first, count, options)
    problems = [f"program {first + i}: {difference(a, b)}" for i, (a, b) in enumerate(zip(ours, theirs)) if a != b]
    if trouble:
        problems.append(f"program {first + max(len(ours) - 1, 0)}: {trouble}")
    return problems


if __name__ == "__main__":
    sys.exit(batches.run("Compare random programs with CPython.", "program_maker", batch, size=100, count=2000, seconds=300))
