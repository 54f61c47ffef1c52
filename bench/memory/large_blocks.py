"""Large pieces: lists, strings, bytes and dicts that grow to megabytes, are copied, sliced, joined and dropped."""


def main():
    total = 0
    for n in range(12):
        big = list(range(200_000 + n))
        total += len(big[::2]) + len(big + big) + big.pop()
        big.reverse()
        total += sum(sorted(big)[:10])
    print(total)
    text = ""
    for n in range(60_000):
        text += "line %d\n" % n
    copies = [text.replace("line", f"l{n}") for n in range(8)]
    print(len(text), sum(map(len, copies)), len("".join(copies)), len(text.split("\n")))
    data = bytearray()
    for n in range(4000):
        data += bytes(500)
    print(len(data), len(bytes(data) * 4), len(data[1000:-1000]))
    for n in range(6):
        table = {i: i for i in range(120_000)}
        other = dict(table)
        other.update({-i: i for i in range(60_000)})
    print(len(table), len(other), len(set(table) | set(other)))
    grid = [[0] * 500 for _ in range(500)]
    for y, row in enumerate(grid):
        row[:] = [y * x & 7 for x in range(500)]
    print(sum(map(sum, grid)))


if __name__ == "__main__":
    main()
