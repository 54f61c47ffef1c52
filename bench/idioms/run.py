"""Some 430 idioms of a line or a few, beside CPython: where Krait is slower.

usage: bench/idioms/run.py [--krait PATH] [--below RATIO] [--rounds N] [TEXT ...]

Times each statement of cases.txt, or those that contain one of the TEXTs, by processor time in a function: the best of seven times of
4 ms or more, of all rounds. The two programs take turns. Prints the geometric mean of CPython's time over Krait's, how many idioms are
below 1, and those below RATIO (1 unless told otherwise), slowest first.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LEAST_SECONDS, TIMES = 0.004, 7


def seconds_of(run):
    count = 1
    while True:
        start = time.process_time()
        run(count)
        taken = time.process_time() - start
        if taken > LEAST_SECONDS:
            break
        count *= 2
    for _ in range(TIMES - 1):
        start = time.process_time()
        run(count)
        taken = min(taken, time.process_time() - start)
    return taken / count


def time_all(texts):
    """Run by either program: prints a JSON object, idiom to seconds."""
    names, results = {}, {}
    exec((HERE / "names.py").read_text(), names)
    for line in (HERE / "cases.txt").read_text().splitlines():
        if line.startswith("#") or texts and not any(text in line for text in texts):
            continue
        body = "\n".join("        " + part for part in line.replace("\\n", "\n").split("\n"))
        exec(f"def run(times):\n    for _ in range(times):\n{body}\n", names)
        names["run"](3)
        results[line] = seconds_of(names["run"])
    print(json.dumps(results))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--krait", default=ROOT / "build/release/krait")
    parser.add_argument("--below", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--time", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("texts", nargs="*")
    args = parser.parse_args()
    if args.time:
        return time_all(args.texts)
    best = {}
    for _ in range(args.rounds):
        for program in ROOT / "build/reference/bin/python3.14", args.krait:
            ran = subprocess.run([program, __file__, "--time", "--", *args.texts], stdout=subprocess.PIPE, text=True, check=True)
            for idiom, seconds in json.loads(ran.stdout).items():
                best[idiom, program] = min(seconds, best.get((idiom, program), seconds))
    idioms = dict.fromkeys(idiom for idiom, _ in best)
    if not idioms:
        sys.exit("no idiom contains any of these")
    rows = sorted((best[idiom, ROOT / "build/reference/bin/python3.14"] / best[idiom, args.krait], idiom) for idiom in idioms)
    for ratio, idiom in rows:
        if ratio < args.below:
            print(f"{ratio:.2f}  {idiom}  (Krait {best[idiom, args.krait] * 1e6:.2f} µs)")
    mean = math.exp(sum(math.log(ratio) for ratio, _ in rows) / len(rows))
    print(f"{len(rows)} idioms: geometric mean {mean:.2f}, {sum(ratio < 1 for ratio, _ in rows)} below 1")


main()
