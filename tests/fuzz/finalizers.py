#!/usr/bin/env python3
"""Run random programs that let go of objects, and look whether what is reachable stays as it is and the rest is finalized.

usage: tests/fuzz/finalizers.py [--krait PATH] [--first N] [--count N] [--minutes M] [--jobs N]
       tests/fuzz/finalizers.py --show N        the text of program N

Program N is made from N alone by tests/fuzz/finalizer_maker.py, which says what is watched. What programs do depends on nothing else,
but for those that start threads. An executable of CPython passes them all, too.

A batch runs in one process. Ends with one count line.
"""

import argparse
import concurrent.futures
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import limits  # noqa: E402

MAKER = ROOT / "tests/fuzz/finalizer_maker.py"
BATCH = 50


def batch(first, count, options):
    """The problems of programs `first` to `first + count`, as texts."""
    ran = limits.run([str(options.krait), str(MAKER), str(first), str(count)], seconds=options.seconds)
    answers = [line.split(" ", 1) for line in ran.out.decode(errors="replace").split("\0")[1:]]
    problems = [f"program {number}: {said.strip()}" for number, said in answers if said.strip() not in ("ok", "")]
    if ran.status or len(answers) != count:
        problems.append(f"program {answers[-1][0] if answers else first}: {ran.describe()}\n{ran.err[-1500:].decode(errors='replace')}")
    return problems


def main():
    parser = argparse.ArgumentParser(description="Watch random programs let go of objects.")
    parser.add_argument("--krait", default=str(ROOT / "build/krait"))
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=0, help="stop starting batches after this time")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=300, help="time limit of one batch")
    parser.add_argument("--show", type=int, help="print this program")
    options = parser.parse_args()
    if options.show is not None:
        sys.path.insert(0, str(MAKER.parent))
        import finalizer_maker

        print(finalizer_maker.make(options.show))
        return 0
    started, passed, failed = time.monotonic(), 0, 0

    def one(first):
        if options.minutes and time.monotonic() - started > options.minutes * 60:
            return None
        return batch(first, min(BATCH, options.first + options.count - first), options)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for problems in pool.map(one, range(options.first, options.first + options.count, BATCH)):
            if problems is None:
                continue
            passed, failed = passed + (not problems), failed + len(problems)
            for problem in problems:
                print("FAIL", problem, flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
