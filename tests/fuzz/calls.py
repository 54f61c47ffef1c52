#!/usr/bin/env python3
"""Call native functions and methods with random arguments on Krait and on CPython, and compare results and exceptions.

usage: tests/fuzz/calls.py [--krait PATH] [--seed N] [--count N] [--only PATTERN] [--texts]

tests/fuzz/call_maker.py says what is called; each function COUNT times. Printed is one example for each function and kind of
difference: another result (or an exception on one side only), another type of exception, and with --texts another text. Some remain:
the last digits of what the C library's functions give, names of types that only CPython has, the order in which arguments are looked
at. A process that crashes or says nothing more is a problem by itself, and makes the status 1.
"""

import argparse
import collections
import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import limits  # noqa: E402

MAKER = ROOT / "tests/fuzz/call_maker.py"
REFERENCE = ROOT / "build/reference/bin/python3.14"


def outcomes(interpreter, options):
    """{(label, arguments, which of several): outcome}, and the error text of a process that did not come to its end."""
    os.environ["PYTHONHASHSEED"] = "0"  # for both: the order of sets
    command = [str(interpreter), "-W", "ignore", str(MAKER), str(options.seed), str(options.count), options.only]
    ran = limits.run(command, seconds=options.seconds)
    found, times = {}, collections.Counter()
    for line in ran.out.decode(errors="replace").splitlines():
        try:
            label, arguments, outcome = json.loads(line)
        except ValueError:
            continue  # what a function printed
        times[label, arguments] += 1
        found[label, arguments, times[label, arguments]] = outcome
    return found, f"{ran.describe()}\n{ran.err[-1500:].decode(errors='replace')}" if ran.status else None


def kind_of(a, b):
    if not a.startswith("!") or not b.startswith("!"):
        return "result"
    return "type" if a.partition(":")[0] != b.partition(":")[0] else "text"


def main():
    parser = argparse.ArgumentParser(description="Compare random calls with CPython.")
    parser.add_argument("--krait", default=ROOT / "build/dev/krait")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10, help="calls of each function")
    parser.add_argument("--only", default="", help="regular expression for labels, as in `^str\\.`")
    parser.add_argument("--texts", action="store_true", help="show texts that differ, too")
    parser.add_argument("--seconds", type=float, default=600)
    options = parser.parse_args()
    theirs, their_trouble = outcomes(REFERENCE, options)
    ours, trouble = outcomes(options.krait, options)
    counts, shown = collections.Counter(), set()
    for call, expected in theirs.items():
        label, arguments, _ = call
        if call not in ours:
            continue
        if ours[call] == expected:
            counts["same"] += 1
            continue
        kind = kind_of(expected, ours[call])
        counts[kind] += 1
        group = label.partition("#")[0], kind
        if group not in shown and (kind != "text" or options.texts):
            print(f"{kind}: {label} {arguments[:150]}\n       cpython {expected[:200]}\n       krait   {ours[call][:200]}")
        shown.add(group)
    for name, text in ("CPython", their_trouble), ("Krait", trouble):
        if text:
            print(f"{name}: {text}")
    print(f"{counts['same']} calls agree; {counts['result']} results, {counts['type']} types of exceptions and {counts['text']} texts differ")
    sys.exit(1 if trouble or their_trouble else 0)


if __name__ == "__main__":
    main()
