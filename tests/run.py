"""Run Krait's own tests and count them.

usage: tests/run.py [--krait PATH] [--variant NAME] [--filter REGEX] [--jobs N] [--seconds N] [-v]

tests/lang/*.py   run on Krait and on CPython 3.14; output, error text and exit status must agree.
                  A line `# options: ...` at the top gives interpreter options, `# stdin: ...` a line of input,
                  `# args: ...` the program's arguments, `# asan: ...` options of the sanitizer in that build.
tests/c/**        C programs built by make; each passes by exiting with 0.
tests/fuzz/finalizers.py some of its programs, except in the stress build, where they take long.
tests/memory/*.py report the most memory that they had resident. That must not be more than what CPython takes for the
                  same, in all and beyond what an empty program takes; or not more than a line `# bound: N MB` says.

tests/known_failures.tsv names the tests that fail for a reason that is written there, by variant: they are run and
shown, and do not count; one that passes after all is shown too.

CPython's answers are kept in build/expected, keyed by the program's text. The last line printed is
`N passed, N failed`, and the exit status says whether any failed.
"""

import argparse
import concurrent.futures
import difflib
import hashlib
import json
import pathlib
import re
import shlex
import sys
import time

import limits

ROOT = pathlib.Path(__file__).resolve().parent.parent
STRESS_LEAVES_OUT = {"attributes_past_the_inline_ones", "finalized_promptly", "memory_of_many_objects", "short_lived_garbage_stays_small",
                     "sizes_of_common_objects"}
ASAN_LEAVES_OUT = {"faulthandler_dumps", "hostile_input_to_the_runtime", "large_integers_under_a_memory_limit", "threads_without_room"}
REFERENCE = ROOT / "build/reference/bin/python3.14"


def directives(source):
    """The `# name: words` lines before the first line of code."""
    found = {"options": [], "args": [], "stdin": [], "asan": []}
    for line in source.splitlines():
        if not line.startswith("#"):
            break
        match = re.match(r"# (options|args|stdin|asan): (.*)", line)
        if match:
            found[match[1]].append(match[2])
    return found


def invocation(program, source):
    said = directives(source)
    words = [w for line in said["options"] for w in shlex.split(line)]
    words.append(str(program.relative_to(ROOT)))
    words += [w for line in said["args"] for w in shlex.split(line)]
    return words, "".join(line + "\n" for line in said["stdin"]).encode()


def text_of(output):
    """Where the library lies is the one difference that is allowed."""
    return output.decode(errors="backslashreplace").replace("/build/reference/lib/", "/build/lib/")


def expected(program, words, stdin):
    """What CPython says: (status, output, error text)."""
    key = hashlib.sha256(repr((words, stdin, limits.environment(), str(REFERENCE))).encode())
    key.update(program.read_bytes())
    kept = ROOT / "build/expected" / (program.stem + "-" + key.hexdigest()[:16] + ".json")
    try:
        return tuple(json.loads(kept.read_text()))
    except (OSError, ValueError):
        pass
    if not REFERENCE.exists():
        raise RuntimeError(f"{REFERENCE} is missing: tools/bootstrap installs it")
    ran = limits.run([str(REFERENCE), *words], cwd=ROOT, stdin=stdin, seconds=60, memory_mb=6000)
    if ran.stopped:
        raise RuntimeError(f"{program.name}: CPython itself was stopped by the {ran.stopped} limit")
    answer = (ran.status, text_of(ran.out), text_of(ran.err))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(answer))
    return answer


def difference(name, theirs, ours, lines):
    if theirs == ours:
        return []
    text = list(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), f"cpython {name}", f"krait {name}",
                                     n=1, lineterm=""))
    shown = [line[:160] for line in text[2:2 + lines]]
    return [f"  {name}:"] + ["    " + line for line in shown] + (["    ..."] if len(text) > 2 + lines else [])


def run_lang(program, options):
    source = program.read_text()
    words, stdin = invocation(program, source)
    status, out, err = expected(program, words, stdin)
    env = limits.environment()
    env["ASAN_OPTIONS"] = ":".join([env["ASAN_OPTIONS"], *directives(source)["asan"]])
    ran = limits.run([options.krait, *words], cwd=ROOT, stdin=stdin, seconds=options.seconds, env=env)
    problems = []
    if ran.stopped or ran.status != status:
        problems.append(f"  {ran.describe()}, CPython's was {status}")
    lines = 1000 if options.verbose else 10
    problems += difference("output", out, text_of(ran.out), lines)
    problems += difference("errors", err, text_of(ran.err), lines)
    return problems


def peak_kb(argv, program, options):
    """The peak that the program reported, or None; and how it ended."""
    ran = limits.run([*argv, str(program)], cwd=ROOT, seconds=options.seconds * 4)
    lines = ran.out.decode(errors="replace").split("\n")
    found = [int(line.split()[1]) for line in lines if line.startswith("peak ")]
    return (found[-1] if found and ran.status == 0 and not ran.stopped else None), ran


def run_memory(program, options):
    ours, ran = peak_kb([options.krait], program, options)
    if ours is None:
        return [f"  {ran.describe()}", "    " + ran.err.decode(errors="backslashreplace")[-400:]]
    bound = re.search(r"^# bound: (\d+) MB$", program.read_text(), re.M)
    if bound:
        return [f"  {ours} kB at its peak, bound {bound[1]} MB"] if ours > int(bound[1]) * 1000 else []
    empty = program.with_name("nothing.py")
    empties = [peak_kb([exe], empty, options)[0] or 0 for exe in (options.krait, str(REFERENCE))]
    theirs = peak_kb([str(REFERENCE)], program, options)[0] or 0
    if program == empty or (ours <= theirs and ours - empties[0] <= theirs - empties[1]):
        return []
    return [f"  {ours} kB at its peak, {ours - empties[0]} of them the program's own; "
            f"CPython: {theirs} and {theirs - empties[1]}"]


def run_finalizers(program, options):
    ran = limits.run([sys.executable, str(program), "--krait", options.krait, "--count", "16", "--jobs", "1"], cwd=ROOT, seconds=options.seconds * 4)
    return [] if ran.status == 0 and not ran.stopped else [f"  {ran.describe()}", "    " + ran.out.decode(errors="backslashreplace")[-2000:]]


def run_c(program, options):
    ran = limits.run([str(program)], cwd=ROOT, seconds=options.seconds * 4)
    if ran.status == 0 and not ran.stopped:
        return []
    text = (ran.out + ran.err).decode(errors="backslashreplace").splitlines()
    return [f"  {ran.describe()}"] + ["    " + line[:200] for line in text[-20:]]


def left_out(variant):
    """The programs of tests/lang that say nothing in a variant, or would take too long there.

    The stress build measures neither memory nor time, and collects all the time, so that objects are old at once: programs that
    fill memory, recurse to the limit, wait for the clock or for prompt finalization are left to the other builds. Memory is measured in dev and release only. The
    sanitizer needs more addresses and memory than tests of limits leave, and reports a SIGSEGV itself.
    """
    return {"stress": STRESS_LEAVES_OUT, "asan": ASAN_LEAVES_OUT}.get(variant, set())


def known_failures(variant):
    """Test name to reason, for the tests that are known to fail in this variant."""
    reasons = {}
    for line in (ROOT / "tests/known_failures.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            variants, name, reason = line.split("\t")
            if variants == "all" or variant in variants.split(","):
                reasons[name] = reason
    return reasons


def main():
    parser = argparse.ArgumentParser(description="Run Krait's own tests.")
    parser.add_argument("--krait", help="the executable (default: that of the variant)")
    parser.add_argument("--variant", default="dev")
    parser.add_argument("--filter", default="", help="only tests whose name matches this regular expression")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=0, help="time limit of one program")
    parser.add_argument("-v", "--verbose", action="store_true", help="whole differences, and each test's time")
    options = parser.parse_args()
    if not options.krait:
        options.krait = str(ROOT / "build" / options.variant / "krait")
    options.krait = str(pathlib.Path(options.krait).absolute())
    if not options.seconds:
        options.seconds = {"dev": 60, "release": 60}.get(options.variant, 240)

    built = ROOT / "build" / options.variant
    work = [(run_c, built / c.relative_to(ROOT).with_suffix("")) for c in sorted(ROOT.glob("tests/c/**/*.c"))]
    work += [(run_lang, program) for program in sorted(ROOT.glob("tests/lang/*.py"))
             if program.stem not in left_out(options.variant)]
    if options.variant != "stress":
        work.append((run_finalizers, ROOT / "tests/fuzz/finalizers.py"))
    if options.variant in ("dev", "release"):
        work += [(run_memory, p) for p in sorted(ROOT.glob("tests/memory/*.py")) if p.stem != "peak"]
    work = [(run, test) for run, test in work if re.search(options.filter, str(test))]

    def one(item):
        run, test = item
        started = time.monotonic()
        return test, run(test, options), time.monotonic() - started

    passed, failed, known = 0, [], known_failures(options.variant)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for test, problems, seconds in pool.map(one, work):
            name = test.relative_to(built) if test.is_relative_to(built) else test.relative_to(ROOT)
            if problems and str(name) in known:
                print(f"known to fail: {name}: {known[str(name)]}", flush=True)
            elif problems:
                failed.append(str(name))
                print(f"FAIL {name}", *problems, sep="\n", flush=True)
            else:
                passed += 1
                if str(name) in known:
                    print(f"passes after all: {name}", flush=True)
                if options.verbose:
                    print(f"ok   {name} {seconds:.2f} s", flush=True)
    if failed:
        print("failed:", *failed)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
