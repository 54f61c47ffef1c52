"""The spectral norm of an infinite matrix, by the power method, on lists of floats."""
import math


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector):
    size = range(len(vector))
    return [sum(element(i, j) * vector[j] for j in size) for i in size]


def transposed_times(vector):
    size = range(len(vector))
    return [sum(element(j, i) * vector[j] for j in size) for i in size]


def main():
    u = [1.0] * 180
    for _ in range(8):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    print(f"{math.sqrt(sum(a * b for a, b in zip(u, v)) / sum(b * b for b in v)):.9f}")


if __name__ == "__main__":
    main()
