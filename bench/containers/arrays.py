"""Flat storage: array.array, slices and slice assignment, in-place updates, prefix sums, run on numbers and bytes."""
from array import array
import itertools


def histogram(values, buckets):
    counts = array("l", [0]) * buckets
    for value in values:
        counts[value % buckets] += 1
    return counts


def smooth(values):
    out = array("d", values)
    for i in range(1, len(values) - 1):
        out[i] = (values[i - 1] + values[i] * 2.0 + values[i + 1]) / 4.0
    return out


def rotate(items, by):
    items[:by], items[by:] = items[-by:], items[:-by]


def main():
    values = array("i", (n * 7919 % 10_007 for n in range(100_000)))
    print(len(values), sum(values), values.itemsize, histogram(values, 10).tolist())
    wave = array("d", (n % 50 / 7 for n in range(80_000)))
    for _ in range(3):
        wave = smooth(wave)
    print(f"{sum(wave):.6f} {max(wave):.6f}")
    sums = list(itertools.accumulate(values))
    print(max(sums[i + 100] - sums[i] for i in range(len(sums) - 100)))
    items = list(range(3000))
    for n in range(600):
        rotate(items, n % 37 + 1)
        items[n:n + 6:2] = items[n + 1:n + 7:2]
        del items[10:12]
        items[50:50] = [n, n]
    print(len(items), sum(items[::7]), items[:8], items[-3:])
    board = bytearray(600 * 300)
    for y in range(1, 599):
        for x in range(1, 299, 2):
            board[y * 300 + x] = (board[(y - 1) * 300 + x] + x) & 0xFF
    print(sum(board), array("B", board[5000:5010]).tolist(), array("I", b"\1\0\0\0\2\0\0\0")[1])
    copy = array("i", values)
    copy.extend(values[:10])
    copy.reverse()
    print(copy == values, copy.index(0), copy.count(5), copy[:3].tobytes().hex(), copy.pop())


if __name__ == "__main__":
    main()
