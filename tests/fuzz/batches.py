"""What the fuzzers of random programs share: their command line, and batches of programs that run side by side."""

import argparse
import concurrent.futures
import importlib
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def run(description, maker, batch, size, count, seconds):
    """Runs programs in batches of `size` until `count` of them, or the time, is used up; gives the exit status.

    maker names the module beside this one whose make(N) is the text of program N. batch(first, count, options) gives the
    problems of these programs as texts. seconds is the time limit of one batch unless told otherwise.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--krait", default=str(ROOT / "build/krait"))
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--minutes", type=float, default=0, help="stop starting batches after this time")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=seconds, help="time limit of one batch")
    parser.add_argument("--show", type=int, help="print this program")
    options = parser.parse_args()
    if options.show is not None:
        print(importlib.import_module(maker).make(options.show))
        return 0
    started, passed, failed = time.monotonic(), 0, 0

    def one(first):
        if options.minutes and time.monotonic() - started > options.minutes * 60:
            return None
        return batch(first, min(size, options.first + options.count - first), options)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for problems in pool.map(one, range(options.first, options.first + options.count, size)):
            if problems is None:
                continue
            passed, failed = passed + (not problems), failed + len(problems)
            for problem in problems:
                print("FAIL", problem, flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
