"""Throw random and mutated source files at Krait's compiler.

usage: tests/fuzz/run.py [--krait PATH] [--first N] [--count N] [--minutes M] [--jobs N] [--compare]

The files are made from their numbers (see compile_loop.py), so a run is repeated by naming the same numbers. A
process that crashes, hangs or raises what a compiler must not raise is reported with the file's number, the file is
kept in build/fuzz/, and the run goes on behind it. Ends with `N passed, N failed`, counting batches.

--compare asks CPython about the same files and lists where the answers differ (message and position), most frequent
first; `compile_loop.py`'s make() gives the source for a number.
"""

import argparse
import collections
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

        answers = OUT / f"answers-{at}"
        ran = limits.run([options.krait, str(LOOP), str(at), str(end - at), str(state), str(answers), *corpus],
                         seconds=3600, memory_mb=options.memory, moving=moving)
        if ran.status == 0 and not ran.stopped:
            state.unlink(missing_ok=True)
            if options.compare:
                problems += compare(at, end, answers, corpus, options)
            answers.unlink(missing_ok=True)
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


def compare(first, end, answers, corpus, options):
    """Adds the differences from CPython's answers to options.differences."""
    theirs = answers.with_suffix(".cpython")
    state = answers.with_suffix(".state")
    ran = limits.run([str(ROOT / "build/reference/bin/python3.14"), str(LOOP), str(first), str(end - first), str(state),
                      str(theirs), *corpus], seconds=600)
    if ran.status:
        return [f"CPython at {first}: {ran.describe()}"]
    for a, b in zip(theirs.read_text().splitlines(), answers.read_text().splitlines(), strict=True):
        options.compared += 1
        if a != b:
            number, a = a.split(" ", 1)
            options.differences[a.split(" @ ")[0][:90], b.split(" ", 1)[1].split(" @ ")[0][:90]].append((number, a, b))
    theirs.unlink()
    state.unlink(missing_ok=True)
    return []


def report(options):
    differing = sum(map(len, options.differences.values()))
    print(f"{differing} of {options.compared} answers differ from CPython's")
    for (a, b), places in sorted(options.differences.items(), key=lambda kv: -len(kv[1]))[:40]:
        print(f"{len(places):5}  cpython {a}\n       krait   {b}")
        print("       " + "; ".join(f"{n}: {x.rpartition(' @ ')[2]} / {y.rpartition(' @ ')[2]}"
                                    for n, x, y in places[:3]))


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
    parser.add_argument("--compare", action="store_true", help="compare the answers with CPython's")
    options = parser.parse_args()
    options.differences, options.compared = collections.defaultdict(list), 0
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
    if options.compare:
        report(options)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
