"""What a program pays while a second thread only waits: each program of bench/ with and without such a thread.

usage: bench/threads/waiting.py [--krait PATH] [--filter REGEX] [--rounds N]

Each process runs a program again and again for half a second. Prints processor seconds without and with a thread that waits for
an event, of the first run, and of the shortest of those after the first 0.2 seconds (the best of some rounds that take turns), and
how many times as long it took with that thread; the last line has the geometric means. Within the first tenth of a second the
other thread has not waited long enough to be left out of account (docs/concurrency.md).
"""

import argparse
import math
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LEFT_OUT = {"threads", "startup", "idioms"}  # they have threads of their own, or measure something else
PROGRAM = """
import io, os, runpy, sys, threading, time
if sys.argv[2] == "waiting":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    time.sleep(0.01)
out, sys.stdout = sys.stdout, io.StringIO()
path, sys.argv = sys.argv[1], sys.argv[1:2]
began, first, later = time.monotonic(), None, []
while not later or time.monotonic() - began < 0.5:
    settled, started = time.monotonic() - began > 0.2, time.process_time()
    runpy.run_path(path, run_name="__main__")
    took = time.process_time() - started
    first = first or took
    if settled:
        later.append(took)
print(first, min(later), file=out, flush=True)
os._exit(0)
"""


def seconds(krait, program, how):
    done = subprocess.run([krait, "-c", PROGRAM, program, how], cwd=ROOT, capture_output=True, text=True, timeout=600)
    if done.returncode:
        sys.exit(f"{program}: {done.stderr}")
    return [float(word) for word in done.stdout.split()]


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--krait", default=ROOT / "build/release/krait")
    parser.add_argument("--filter", default="")
    parser.add_argument("--rounds", default=3, type=int)
    args = parser.parse_args()
    firsts, laters = [], []
    print(f"{'':32} {'first run':>22} {'later':>22}")
    for program in sorted((ROOT / "bench").glob("*/*.py")):
        name = f"{program.parent.name}/{program.stem}"
        if program.parent.name in LEFT_OUT or not re.search(args.filter, name):
            continue
        alone, waiting = [math.inf] * 2, [math.inf] * 2
        for _ in range(args.rounds):
            alone = list(map(min, alone, seconds(args.krait, program, "alone")))
            waiting = list(map(min, waiting, seconds(args.krait, program, "waiting")))
        firsts.append(waiting[0] / alone[0])
        laters.append(waiting[1] / alone[1])
        print(f"{name:32} {alone[0]:7.3f} {waiting[0]:7.3f} {firsts[-1]:6.2f} {alone[1]:7.3f} {waiting[1]:7.3f} {laters[-1]:6.2f}", flush=True)
    print(f"{mean(firsts):.3f} and {mean(laters):.3f} times the time in the geometric means of {len(laters)} programs")


if __name__ == "__main__":
    main()
