"""Throw random and mutated source files at Krait's compiler.

usage: tests/fuzz/run.py [--krait PATH] [--first N] [--count N] [--minutes M] [--jobs N]

The files are made from their numbers (see compile_loop.py), so a run is repeated by naming the same numbers. A
process that crashes, hangs or raises what a compiler must not raise is reported with the file's number, the file is
kept in build/fuzz/, and the run goes on behind it. Ends with `N passed, N failed`, counting batches.
"""

import argparse
import concurrent.futures
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import limits  # noqa: E402

OUT = ROOT / "build/fuzz"
LOOP = ROOT / "tests/fuzz/compile_loop.py"
BATCH = 500
LIBRARY = ["ast.py", "dataclasses.py", "enum.py", "functools.py", "inspect.py", "typing.py", "test/test_grammar.py",
           "test/test_patma.py", "test/test_fstring.py", "test/test_type_params.py", "test/test_except_star.py",
           "test/test_coroutines.py", "test/test_unpack_ex.py", "test/test_positional_only_arg.py"]


def batch(first, options, corpus):
    """Compile numbers first .. first+BATCH-1; returns a list of problems."""
    problems, at, end = [], first, min(first + BATCH, options.first + options.count)
    while at < end:
        state = OUT / f"state-{first}"
        seen = [None, time.monotonic()]

        def moving():
            now = state.stat().st_mtime_ns if state.exists() else None
            if now != seen[0]:
                seen[:] = now, time.monotonic()
            return time.monotonic() - seen[1] < options.seconds

        ran = limits.run([options.krait, str(LOOP), str(at), str(end - at), str(state), *corpus],
                         seconds=3600, memory_mb=options.memory, moving=moving)
        if ran.status == 0 and not ran.stopped:
            state.unlink(missing_ok=True)
            break
        if not state.exists():
            problems.append(f"no file was reached: {ran.describe()}\n{ran.err[-600:].decode(errors='replace')}")
            break
        number = int(state.read_bytes().split(b" ", 1)[0])
        kept = OUT / f"failed-{number}.py"
        state.rename(kept)
        text = ran.err[-options.tail:].decode(errors="replace").strip()
        problems.append(f"file {number}: {ran.describe()}; kept as {kept.relative_to(ROOT)}\n{text}")
        at = number + 1
    return problems


def main():
    parser = argparse.ArgumentParser(description="Fuzz Krait's compiler.")
    parser.add_argument("--krait", default=str(ROOT / "build/krait"))
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=0, help="stop starting batches after this time")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=30, help="time limit of one file")
    parser.add_argument("--memory", type=float, default=3000, help="memory limit in MB")
    parser.add_argument("--tail", type=int, default=600, help="characters of error text to show")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    library = ROOT / "build/lib/python3.14"
    corpus = [str(p) for p in sorted(ROOT.glob("tests/lang/*.py"))]
    corpus += [str(library / name) for name in LIBRARY if (library / name).exists()]
    started, passed, failed = time.monotonic(), 0, 0

    def one(first):
        if options.minutes and time.monotonic() - started > options.minutes * 60:
            return None
        return batch(first, options, corpus)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for problems in pool.map(one, range(options.first, options.first + options.count, BATCH)):
            if problems is None:
                continue
            passed, failed = passed + (not problems), failed + bool(problems)
            for problem in problems:
                print("FAIL", problem, flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
