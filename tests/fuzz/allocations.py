"""Let allocations fail, one in each run, and see that nothing worse than an exception comes of it.

usage: tests/fuzz/allocations.py [--krait PATH] [--seed N] [--count N] [--minutes M] [--jobs N]

Runs small programs on the stress build, each time with another allocation that fails (src/base/stress.h): a cell or a
piece of C memory. The program may work, end with an exception or refuse to start. A signal, a failed assertion, a
hang or a SystemError is reported with the settings that repeat it. Ends with `N passed, N failed`.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import limits  # noqa: E402

PROGRAMS = {
    "start": "pass",
    "classes": """
class A:
    def __init__(self):
        self.x, self.y = [1], {}
    def __repr__(self):
        return f"{self.x!r:>10}"
    def __del__(self):
        self.z = [self]
for i in range(50):
    repr(A())
    a = A()
    a.z = 1
    sorted([3, 1, 2], key=lambda v: -v)
B = type("B", (A,), {"__slots__": ("p", "q")})
B().p = 1
try:
    1 / 0
except Exception:
    import traceback
    traceback.format_exc()
""",
    "text": """
import json, re
re.sub(r"(a|b)+", lambda m: m[0].upper(), "xxabab" * 10)
"é".encode("latin1"); "%s %d" % ("a", 10**30); str(10**50); "a,b".split(","); "ab" * 100 + "é"
json.loads(json.dumps([1, 2, {"a": 3.5}]))
""",
    "containers": """
import collections, functools, itertools
{1, 2} | {3}; [*range(100)]; {**{"a": 1}}; dict.fromkeys(range(1000)); set(range(1000)); list(map(str, range(100)))
collections.OrderedDict(a=1).move_to_end("a"); collections.deque(range(500), 10); collections.Counter("abca")
functools.lru_cache(abs)(1); list(itertools.permutations(range(4))); [1, 2, 3][::2]; (1, 2) + (3,)
""",
    "generators": """
import asyncio
def g():
    try:
        yield 1
        yield from range(3)
    finally:
        pass
list(g())
x = g()
next(x)
x.close()
async def main():
    await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0.001))
asyncio.run(main())
""",
    "threads": """
import threading
def work(q):
    q.append([i for i in range(100)])
q = []
threads = [threading.Thread(target=work, args=(q,)) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
""",
    "files": """
import io
f = io.StringIO()
f.write("abc" * 100)
f.getvalue()
with open("/etc/passwd") as h: h.read()
with open("/dev/null", "wb") as h: h.write(b"a" * 10000)
memoryview(b"abc")[::2].tolist(); bytearray(b"x") * 100; bytes(100).hex()
""",
    "compiler": """
import ast, weakref
compile("match x:\\n case [1, *a]: f'{a!r}'\\nclass A[T]: x: int = lambda: (yield)\\n", "f", "exec")
ast.unparse(ast.parse("with a as b, c: [x async for x in y]"))
class C: pass
c = C()
r = weakref.ref(c, print)
weakref.finalize(c, abs, 1)
exec("def f(a, *b, c=1, **d): return locals()\\nf(1, 2, x=3)")
""",
}


def failing(number, options):
    """What went wrong in run `number`, or an empty string."""
    r = random.Random(number)
    name = r.choice(list(PROGRAMS))
    # Early allocations belong to the start; later ones are more, and so are tried at growing distances.
    at = int(10 ** r.uniform(3.5, 5.2))
    env = limits.environment({"KRAIT_STRESS_COLLECT": r.choice(["0", "0", "997"]), "KRAIT_STRESS_FAIL": str(at)})
    ran = limits.run([options.krait, "-c", PROGRAMS[name]], seconds=60, env=env, cwd="/")
    text = ran.err.decode(errors="replace")
    if not ran.stopped and ran.status in (0, 1) and "SystemError" not in text and "Assertion" not in text:
        return ""
    return f"run {number}: {name} with allocation {at} failing: {ran.describe()}\n{text[-500:].strip()}"


def main():
    parser = argparse.ArgumentParser(description="Let allocations fail.")
    parser.add_argument("--krait", default=str(ROOT / "build/stress/krait"))
    parser.add_argument("--seed", type=int, default=1, help="number of the first run")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=0, help="stop starting runs after this time")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    options.krait = os.path.abspath(options.krait)
    started, passed, failed = time.monotonic(), 0, 0

    def one(number):
        if options.minutes and time.monotonic() - started > options.minutes * 60:
            return None
        return failing(number, options)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for problem in pool.map(one, range(options.seed, options.seed + options.count)):
            if problem:
                print("FAIL", problem, flush=True)
            passed, failed = passed + (problem == ""), failed + bool(problem)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
