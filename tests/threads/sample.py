"""A sample of the stress programs in three builds, for CI.

usage: tests/threads/sample.py [--seconds N] [--seed N] [--builds NAME,...]

120 seconds by default, shared by the builds. The seed decides which pairs of operations are run first: it is the same every time, so
that a change is judged by what it did; the full run is tests/threads/run.py. The last line is `N passed, N failed`.
"""

import argparse
import pathlib
import re
import subprocess
import sys

RUN = pathlib.Path(__file__).resolve().parent / "run.py"
# How often each operation is done, and in which threads sleep now and then.
BUILDS = (("dev", ["--steps", "100"]), ("stress", ["--steps", "30", "--naps"]), ("tsan", ["--steps", "60", "--naps"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--builds", default=",".join(name for name, _ in BUILDS))
    args = parser.parse_args()
    passed = failed = 0
    builds = [(name, options) for name, options in BUILDS if name in args.builds.split(",")]
    for variant, options in builds:
        print(f"-- {variant}", flush=True)
        ran = subprocess.run([sys.executable, RUN, "--variant", variant, "--seconds", str(args.seconds / len(builds)),
                              *options, "--seed", args.seed], stdout=subprocess.PIPE, text=True)
        print(ran.stdout, end="", flush=True)
        counts = re.search(r"^(\d+) passed, (\d+) failed$", ran.stdout, re.M)
        passed += int(counts[1]) if counts else 0
        failed += int(counts[2]) if counts else 1
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
