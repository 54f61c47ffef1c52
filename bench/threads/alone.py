"""What one thread pays for the machinery of many, per kernel, in instructions.

usage: bench/threads/alone.py [--with PATH] [--without PATH] [--filter REGEX] [--units N]

For each kernel of kernels.py: instructions for each unit in the release build and in the one without the machinery
(VARIANT=unthreaded), both built with PROFILE= (a profile would fit only one of them), in a process that starts no other thread:
counted by callgrind, 2 N units less the same with N. The last lines are the mean and how many kernels are above 2 %.

What allocation costs hangs on what the start has left in the heap, and that on when collections came, to the byte, and on words on the C
stack: the length of a path is enough to change it by some per cent. So that both programs do the same, they have names of equal length and
read the same compiled modules; and before the units that count all that lives is frozen, so that what they make lies in blocks of its own.
Where the numbers of collections differ all the same the row says so.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import kernels

WANTED = 2.0
ONE_KERNEL = """
import gc, sys
sys.path.insert(0, sys.argv[1])
import kernels
work = kernels.KERNELS[sys.argv[2]]()
work(1000)
gc.collect()
gc.freeze()
before = [generation["collections"] for generation in gc.get_stats()]
work(int(sys.argv[3]))
print(*(generation["collections"] - b for generation, b in zip(gc.get_stats(), before)))
"""


def environment(folder):
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", "HOME": "/", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def stripped(krait, folder, name):
    """A copy that valgrind 3.19 can read: it does not know what clang 19 writes for debuggers. The library is found beside it."""
    target = folder / name / "krait"
    target.parent.mkdir()
    if not (folder / "lib").exists():
        (folder / "lib").symlink_to(krait.resolve().parent.parent / "lib")
    subprocess.run(["llvm-objcopy-19", "--strip-debug", krait, target], check=True)
    return target


def count(krait, name, units):
    """Instructions of a run, and how many young and full collections its units saw."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", krait, "-c", ONE_KERNEL, HERE, name, str(units)],
                          env=environment(krait.parent.parent), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=900)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        sys.exit(f"{krait} {name}: {done.stderr}")
    return [int(found[1]), *map(int, done.stdout.split())]


def per_unit(krait, name, units):
    """Instructions for each unit, and the collections that are in them."""
    instructions, *collections = (many - few for few, many in zip(count(krait, name, units), count(krait, name, 2 * units)))
    return instructions / units, collections


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--with", dest="machinery", default=ROOT / "build/release/krait", type=pathlib.Path)
    parser.add_argument("--without", default=ROOT / "build/unthreaded/krait", type=pathlib.Path)
    parser.add_argument("--filter", default="")
    parser.add_argument("--units", default=200000, type=int)
    args = parser.parse_args()
    names = [name for name in kernels.KERNELS if re.search(args.filter, name)]
    costs = []
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(scratch)
        programs = [stripped(args.machinery, folder, "1"), stripped(args.without, folder, "2")]
        subprocess.run([programs[0], "-c", ONE_KERNEL, HERE, names[0], "1"], env=environment(folder), stdout=subprocess.DEVNULL, check=True)
        rows = [(name, [pool.submit(per_unit, krait, name, args.units) for krait in programs]) for name in names]
        for name, counts in rows:
            (machinery, collections), (without, others) = (c.result() for c in counts)
            costs.append(100 * (machinery / without - 1))
            note = "" if collections == others else f" collections: {collections} and {others}"
            print(f"| {name.replace('_', ' ')} | {machinery:.1f} | {without:.1f} | {costs[-1]:.2f} % |{note}", flush=True)
    print(f"mean {sum(costs) / len(costs):.2f} %, {sum(c > WANTED for c in costs)} of {len(costs)} above {WANTED} %")


if __name__ == "__main__":
    main()
