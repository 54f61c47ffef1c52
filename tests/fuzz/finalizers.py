#!/usr/bin/env python3
"""Run random programs that let go of objects, and look whether what is reachable stays as it is and the rest is finalized.

usage: tests/fuzz/finalizers.py [--krait PATH] [--first N] [--count N] [--minutes M] [--jobs N]
       tests/fuzz/finalizers.py --show N        the text of program N

Program N is made from N alone by tests/fuzz/finalizer_maker.py, which says what is watched. What programs do depends on nothing else,
but for those that start threads. An executable of CPython passes them all, too.

A batch runs in one process. Ends with one count line.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import batches  # noqa: E402
import limits  # noqa: E402

MAKER = ROOT / "tests/fuzz/finalizer_maker.py"


def batch(first, count, options):
    """The problems of programs `first` to `first + count`, as texts."""
    ran = limits.run([str(options.krait), str(MAKER), str(first), str(count)], seconds=options.seconds)
    answers = [line.split(" ", 1) for line in ran.out.decode(errors="replace").split("\0")[1:]]
    problems = [f"program {number}: {said.strip()}" for number, said in answers if said.strip() not in ("ok", "")]
    if ran.status or len(answers) != count:
        problems.append(f"program {answers[-1][0] if answers else first}: {ran.describe()}\n{ran.err[-1500:].decode(errors='replace')}")
    return problems


if __name__ == "__main__":
    sys.exit(batches.run("Watch random programs let go of objects.", "finalizer_maker", batch, size=50, count=1000, seconds=300))
