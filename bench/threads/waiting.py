"""What a program pays while a second thread only waits: each program of bench/ with and without such a thread.

usage: bench/threads/waiting.py [--krait PATH] [--filter REGEX] [--rounds N]

Prints processor seconds without and with a thread that waits for an event, the best of some rounds that take turns, and how
many times as long it took; the last line has the geometric mean.
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
started = time.process_time()
runpy.run_path(path, run_name="__main__")
print(time.process_time() - started, file=out, flush=True)
os._exit(0)
"""


def seconds(krait, program, how):
    done = subprocess.run([krait, "-c", PROGRAM, program, how], cwd=ROOT, capture_output=True, text=True, timeout=600)
    if done.returncode:
        sys.exit(f"{program}: {done.stderr}")
    return float(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--krait", default=ROOT / "build/release/krait")
    parser.add_argument("--filter", default="")
    parser.add_argument("--rounds", default=3, type=int)
    args = parser.parse_args()
    ratios = []
    for program in sorted((ROOT / "bench").glob("*/*.py")):
        name = f"{program.parent.name}/{program.stem}"
        if program.parent.name in LEFT_OUT or not re.search(args.filter, name):
            continue
        alone = waiting = math.inf
        for _ in range(args.rounds):
            alone = min(alone, seconds(args.krait, program, "alone"))
            waiting = min(waiting, seconds(args.krait, program, "waiting"))
        ratios.append(waiting / alone)
        print(f"{name:32} {alone:7.3f} {waiting:7.3f} {ratios[-1]:6.2f}", flush=True)
    print(f"{math.exp(sum(map(math.log, ratios)) / len(ratios)):.3f} times the time in the geometric mean of {len(ratios)} programs")


if __name__ == "__main__":
    main()
