"""Runs a program's main() again and again in one process, and says how long each run took.

usage: steady.py PROGRAM SECONDS MOST [wall|cpu]

Runs until SECONDS have passed or MOST runs are done, but at least three times. cpu: what is measured is the process's processor
time, which other programs change less. What main() prints is captured and must be the same each time. Prints one JSON object:
the seconds of each run and a digest of the output. The first run is cold; the best of the others is what the engine reaches
when it is warm.
"""

import hashlib
import io
import json
import sys
import time


def load(path):
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec")
    module = type(sys)("program")
    module.__file__ = path
    sys.modules["program"] = module  # dataclasses and pickle look a class's module up
    exec(code, module.__dict__)
    return module.main


def main():
    path, limit, most = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    clock = time.process_time if sys.argv[4:] == ["cpu"] else time.perf_counter
    run, seconds, answers, screen = load(path), [], set(), sys.stdout
    started = time.perf_counter()
    while len(seconds) < 3 or (len(seconds) < most and time.perf_counter() - started < limit):
        sys.stdout = out = io.StringIO()
        try:
            before = clock()
            run()
            seconds.append(clock() - before)
        finally:
            sys.stdout = screen
        answers.add(hashlib.sha256(out.getvalue().encode()).hexdigest())
    print(json.dumps({"seconds": seconds, "answers": sorted(answers)}))


if __name__ == "__main__":
    main()
