"""Every operation of every mutable built-in type against every other, on one shared object.

usage: stress.py [--subjects REGEX] [--pairs REGEX] [--steps N] [--seconds N] [--seed N] [--skip N]
                 [--journal FILE] [--list] [--naps]

For each pair of operations of a subject, two threads run one each, `steps` times, on one object; then the ledger is
balanced (subject.py). A pair is written `subject: A || B`, and --pairs chooses by that text. The order is drawn from the
seed, so that runs cut off by --seconds see different pairs. With --naps a thread sleeps or collects now and then, so
that collections meet threads that wait. It runs on any Python 3.14: CPython must pass it too.

The last line printed is `N passed, N failed`. --journal names a file that always holds the number in that order and
the name of the pair at work, for whoever finds the process dead or stuck and goes on behind it with --skip.
"""

import argparse
import gc
import itertools
import os
import random
import re
import sys
import threading
import time
import traceback

import sequences
import streams
import tables
from subject import Broken, Hand


def nap_or_collect(chance):
    which = chance.randrange(16)
    if which < 3:
        time.sleep(1e-6)
    elif which < 5:
        gc.collect(0)


def work(x, operation, hand, steps, gate, failures, chance):
    function, _, errors = operation
    gate.append(hand)
    while len(gate) < 2:  # not a Barrier: waking up would take longer than the steps do
        pass
    try:
        for hand.step in range(steps):
            try:
                function(x, hand)
            except errors:
                hand.settle(False)
            else:
                hand.settle(True)
            if chance:
                nap_or_collect(chance)
    except Broken as e:
        failures.append(str(e))
    except BaseException:
        failures.append(traceback.format_exc(limit=-3))


def run_pair(subject, a, b, steps, naps):
    """What went wrong, or None."""
    start = [subject.token(1000 + i) for i in range(subject.size)]
    x = subject.make(start)
    hands = [Hand(1, subject.token), Hand(2, subject.token)]
    gate, failures = [], []
    operations = subject.operations[a], subject.operations[b]
    chances = [random.Random(f"{a} {b} {i}") if naps else None for i in range(2)]
    threads = [threading.Thread(target=work, args=(x, operation, hand, steps, gate, failures, chance), daemon=True)
               for operation, hand, chance in zip(operations, hands, chances)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        return failures[0]
    try:
        subject.check(x, hands, start, operations[0][1] | operations[1][1])
    except Broken as e:
        return str(e)
    except Exception:
        return traceback.format_exc(limit=-3)


def all_pairs(subject_regex, pair_regex):
    for subject in itertools.chain(sequences.subjects, tables.subjects, streams.subjects):
        if not re.search(subject_regex, subject.name):
            continue
        for a, b in itertools.combinations_with_replacement(subject.operations, 2):
            name = f"{subject.name}: {a} || {b}"
            if re.search(pair_regex, name):
                yield name, subject, a, b


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--subjects", default="")
    parser.add_argument("--pairs", default="")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--journal")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--naps", action="store_true")
    args = parser.parse_args()

    pairs = list(all_pairs(args.subjects, args.pairs))
    if args.list:
        print(*(name for name, *_ in pairs), sep="\n")
        return 0
    random.Random(args.seed).shuffle(pairs)
    sys.setswitchinterval(1e-5)
    journal = os.open(args.journal, os.O_WRONLY | os.O_CREAT) if args.journal else None
    end, passed, failed = time.monotonic() + args.seconds, 0, 0
    for number, (name, subject, a, b) in itertools.islice(enumerate(pairs), args.skip, None):
        if time.monotonic() > end:
            break
        if journal is not None:
            os.pwrite(journal, f"{number} {name:500}\n".encode(), 0)
        wrong = run_pair(subject, a, b, args.steps, args.naps)
        if wrong:
            failed += 1
            print(f"FAIL {name}\n     {wrong}", flush=True)
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
