"""What one thread pays for the machinery of many, per kernel, in instructions.

usage: bench/threads/alone.py [--with PATH] [--without PATH] [--filter REGEX] [--units N]

For each kernel of kernels.py: instructions for each unit in the release build and in the one without the machinery
(VARIANT=unthreaded), both built with PROFILE= (a profile would fit only one of them), in a process that starts no other thread:
counted by callgrind, N units more less the same without (many, so that collections fall into them alike). The last lines are the mean and how many kernels are above 2 %.
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
LEFT_OUT = {"imports", "contended_deque"}  # too slow to make enough of; and nothing that differs
ONE_KERNEL = """
import sys
sys.path.insert(0, sys.argv[1])
import kernels
work = kernels.KERNELS[sys.argv[2]]()
work(1000)
work(int(sys.argv[3]))
"""


def stripped(krait, folder):
    """A copy that valgrind 3.19 can read: it does not know what clang 19 writes for debuggers. The library is found beside it."""
    target = folder / krait.parent.name / "krait"
    target.parent.mkdir()
    if not (folder / "lib").exists():
        (folder / "lib").symlink_to(krait.resolve().parent.parent / "lib")
    subprocess.run(["llvm-objcopy-19", "--strip-debug", krait, target], check=True)
    return target


def count(krait, name, units):
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", "HOME": "/", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", krait, "-c", ONE_KERNEL, HERE, name, str(units)],
                          env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=900)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        sys.exit(f"{krait} {name}: {done.stderr}")
    return int(found[1])


def per_unit(krait, name, units):
    return (count(krait, name, 2 * units) - count(krait, name, units)) / units


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--with", dest="machinery", default=ROOT / "build/release/krait", type=pathlib.Path)
    parser.add_argument("--without", default=ROOT / "build/unthreaded/krait", type=pathlib.Path)
    parser.add_argument("--filter", default="")
    parser.add_argument("--units", default=200000, type=int)
    args = parser.parse_args()
    names = [name for name in kernels.KERNELS if name not in LEFT_OUT and re.search(args.filter, name)]
    costs = []
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(scratch)
        programs = [stripped(args.machinery, folder), stripped(args.without, folder)]
        rows = [(name, [pool.submit(per_unit, krait, name, args.units) for krait in programs]) for name in names]
        for name, counts in rows:
            machinery, without = (c.result() for c in counts)
            costs.append(100 * (machinery / without - 1))
            print(f"| {name.replace('_', ' ')} | {machinery:.1f} | {without:.1f} | {costs[-1]:.2f} % |", flush=True)
    print(f"mean {sum(costs) / len(costs):.2f} %, {sum(c > WANTED for c in costs)} of {len(costs)} above {WANTED} %")


if __name__ == "__main__":
    main()
