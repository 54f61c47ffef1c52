"""Run the stress programs of stress.py against one build, over crashes, hangs and reports of a sanitizer.

usage: tests/threads/run.py [--variant NAME | --python PATH] [--seconds N] [--subjects REGEX] [--steps N] [--seed N] [--naps] [-v]

Without --seconds every pair of operations runs once: the full run. With it the time is what ends the run, and the seed
(the day, unless given) decides what was seen. A process that dies or stands still costs one failure, and the run goes
on behind the pair that it was at. Under tsan each distinct report is a failure.

The last line printed is `N passed, N failed`.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STUCK = 60  # seconds for one pair before it counts as hanging
REPORT = re.compile(r"^WARNING: .*?^SUMMARY: \S+ (.*?)$", re.M | re.S)


def environment():
    settings = dict(os.environ)
    settings.setdefault("TSAN_OPTIONS", "halt_on_error=0 report_signal_unsafe=0 history_size=4")
    return settings


def at_work(journal):
    """The number and the name of the pair that a process was at."""
    words = journal.read_text(errors="replace").strip().split(maxsplit=1)
    return (int(words[0]), words[1].strip()) if len(words) == 2 else (-1, "start-up")


def watch(process, journal, seconds):
    """Waits for the end of a process; "" if it came by itself, else why it was ended."""
    end, last, since = time.monotonic() + seconds + STUCK, None, time.monotonic()
    while process.poll() is None:
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            pass
        now = time.monotonic()
        if (pair := at_work(journal)) != last:
            last, since = pair, now
        if now - since > STUCK or now > end:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return "stands still" if now - since > STUCK else "out of time"
    return ""


def run_once(python, options, seconds, scratch):
    """One process: (passed, failures, reports by their summary, number of the pair it broke off at or None)."""
    journal, output, errors = scratch / "journal", scratch / "out", scratch / "err"
    journal.write_text("")
    with open(output, "wb") as out, open(errors, "wb") as err:
        command = [str(python), str(HERE / "stress.py"), "--journal", str(journal), "--seconds", str(seconds), *options]
        process = subprocess.Popen(command, stdout=out, stderr=err, cwd=scratch, env=environment())
        ended = watch(process, journal, seconds)
    text, complaints = output.read_text(errors="replace"), errors.read_text(errors="replace")
    reports = {found[1]: found[0] for found in reversed(list(REPORT.finditer(complaints)))}
    failures = re.findall(r"^FAIL .*\n(?:(?!FAIL |\d+ passed).*\n)*", text, re.M)
    last = re.search(r"^(\d+) passed, \d+ failed$", text, re.M)
    if last:
        return int(last[1]), failures, reports, None
    number, pair = at_work(journal)
    if not reports or "DEADLYSIGNAL" in complaints or ended:
        failures.append(f"FAIL {pair}\n     {ended or f'ended with status {process.returncode}'}\n{complaints[-2000:]}")
    return max(0, number - len(failures)), failures, reports, number


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--variant", default="dev")
    parser.add_argument("--python")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--subjects", default="")
    parser.add_argument("--pairs", default="")
    parser.add_argument("--steps", default="300")
    parser.add_argument("--seed", default=time.strftime("%Y%m%d"))
    parser.add_argument("--naps", action="store_true")
    parser.add_argument("-v", action="store_true", help="print the sanitizer's reports whole")
    args = parser.parse_args()
    python = pathlib.Path(args.python or ROOT / "build" / args.variant / "krait").resolve()
    end, skip, passed, failed, seen = time.monotonic() + args.seconds, 0, 0, 0, set()
    with tempfile.TemporaryDirectory() as scratch:
        while skip is not None and (left := end - time.monotonic()) > 0:
            options = ["--subjects", args.subjects, "--pairs", args.pairs, "--steps", args.steps, "--seed", args.seed,
                       "--skip", str(skip), *["--naps"] * args.naps]
            good, failures, reports, number = run_once(python, options, left, pathlib.Path(scratch))
            passed += good if number is None else max(0, good - skip)
            new = sorted(reports.keys() - seen)
            failed += len(failures) + len(new)
            print(*failures, *(f"REPORT {name}\n{reports[name] if args.v else ''}\n" for name in new), sep="", end="", flush=True)
            seen.update(new)
            skip = None if number is None else number + 1
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
