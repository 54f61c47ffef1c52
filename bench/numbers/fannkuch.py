"""Fannkuch: flips of the leading run over every permutation of nine numbers."""


def fannkuch(n):
    permutation, counts = list(range(n)), [0] * n
    checksum = most = 0
    r, sign = n, 1
    while True:
        first = permutation[0]
        if first:
            flipped, flips = permutation[:], 1
            while True:
                at = flipped[first]
                if at == 0:
                    break
                flipped[:first + 1] = flipped[first::-1]
                first = flipped[0]
                flips += 1
            most = max(most, flips)
            checksum += sign * flips
        if sign == 1:
            permutation[0], permutation[1] = permutation[1], permutation[0]
            sign = -1
        else:
            permutation[1], permutation[2] = permutation[2], permutation[1]
            sign, r = 1, 2
            while True:
                if r >= n:
                    return checksum, most
                if counts[r] < r:
                    counts[r] += 1
                    break
                counts[r] = 0
                r += 1
                if r >= n:
                    return checksum, most
                permutation.insert(r, permutation.pop(0))


def main():
    print(*fannkuch(9))
    print(*fannkuch(7))


if __name__ == "__main__":
    main()
