"""How long a collection stops a program that has a large live heap.

usage: krait bench/threads/pauses.py [MEGABYTES [SECONDS]]

Builds a live heap of small objects, then makes garbage and replaces a little of what lives, for some seconds, while
the thread's processor time is read after every few objects: a gap between two readings that is longer than the work
between them is a collection, which this one thread does itself. Processor time and not the clock, because a pause of
the machine is none of the collector's. Then full collections are asked for and timed one by one.
"""

import gc
import sys
import time


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def build(megabytes):
    """Lists of a thousand nodes each; a node, a tuple and a string are about 130 bytes."""
    return [[Node(i, (i, str(i))) for i in range(1000)] for _ in range(megabytes * 1_000_000 // 130_000)]


def resident():
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) // 1024 for line in f if line.startswith("VmRSS"))


def run(live, seconds):
    gaps, clock = [], time.thread_time
    start = last = clock()
    turn = 0
    while last - start < seconds:
        for i in range(100):
            Node(i, (i, str(i)))
        turn += 1
        row = live[turn * 7919 % len(live)]
        row[turn % 1000] = Node(turn, (turn, str(turn)))
        now = clock()
        gaps.append(now - last)
        last = now
    return gaps


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    live = build(megabytes)
    print(f"live heap: {resident()} MB resident, {len(live) * 3000:,} objects")
    before = [row["collections"] for row in gc.get_stats()]
    gaps = run(live, seconds)
    counts = [row["collections"] - b for row, b in zip(gc.get_stats(), before)]
    usual = sorted(gaps)[len(gaps) // 2]
    pauses = sorted(gap - usual for gap in gaps if gap > usual * 4 and gap > 100e-6)
    print(f"collections while running: {counts}; {len(pauses)} gaps of more than {max(usual * 4, 100e-6) * 1e3:.2f} ms")
    for percent in 50, 90, 99, 99.9, 100:
        if pauses:
            print(f"  {percent:5} % of them at most {pauses[min(len(pauses) - 1, int(len(pauses) * percent / 100))] * 1e3:8.2f} ms")
    full = []
    for _ in range(5):
        start = time.thread_time()
        gc.collect()
        full.append(time.thread_time() - start)
    print("full collections:", *(f"{s * 1e3:.0f} ms" for s in sorted(full)))


if __name__ == "__main__":
    main()
