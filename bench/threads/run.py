"""How much two threads do in the time of one, per kernel, on Krait and on CPython 3.14.

usage: bench/threads/run.py [--krait PATH] [--filter REGEX] [--seconds N] [--rounds N]

For each kernel of kernels.py: units per second of one thread, how many times as much two threads did (best of the rounds,
by the clock), the same by processor time (which waiting does not count into, and other programs on the machine do not
disturb; not said of those that wait), and CPython's for comparison. The one thread is started and waited for as the two are; `alone`
says how many times as much the main thread does while there is no other, which takes no locks. Kernels that share nothing or only read should reach 1.9, those that write to
one object stay above 0.7; the last line counts those that do not: by the better of the two measures where
nothing waits, by the clock where threads write to one object.
"""

import argparse
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import kernels

FREE, WRITES = 1.9, 0.7


def run(python, name, args):
    out = subprocess.run([python, HERE / "kernels.py", name, str(args.seconds), str(args.rounds)], capture_output=True,
                         text=True, timeout=600)
    if out.returncode:
        sys.exit(f"{python} {name}: {out.stderr}")
    return map(float, out.stdout.split())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--krait", default=ROOT / "build/release/krait")
    parser.add_argument("--reference", default=ROOT / "build/reference/bin/python3.14")
    parser.add_argument("--filter", default="")
    parser.add_argument("--seconds", default=0.1, type=float)
    parser.add_argument("--rounds", default=7, type=int)
    args = parser.parse_args()
    below = 0
    print(f"{'kernel':28} {'Krait 1 thread':>16} {'2 threads':>10} {'by cpu':>7} {'alone':>7} {'CPython 1':>16} {'2 threads':>10} "
          f"{'alone':>7} {'Krait/CPython':>14}")
    for name, kernel in kernels.KERNELS.items():
        if not re.search(args.filter, name):
            continue
        one, two, processor, alone = run(args.krait, name, args)
        reference_one, reference_two, _, reference_alone = run(args.reference, name, args)
        wanted = WRITES if kernel in kernels.CONTENDED else FREE
        contended = kernel in kernels.CONTENDED
        low = (two / one if contended else max(two / one, processor)) < wanted
        below += low
        print(f"{name:28} {one:14,.0f}/s {two / one:9.2f}x {processor:6.2f}x {alone / one:6.2f}x {reference_one:14,.0f}/s "
              f"{reference_two / reference_one:9.2f}x {reference_alone / reference_one:6.2f}x {two / reference_two:13.1f}x{' below ' + str(wanted) if low else ''}", flush=True)
    print(f"{below} kernels below what they should reach")


if __name__ == "__main__":
    main()
