"""Bit twiddling: a shift register, table-driven CRC-32, population counts, Gray codes, a xorshift generator, bit boards."""


def crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ 0xEDB88320 if n & 1 else n >> 1
        table.append(n)
    return table


def crc32(data, table):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def register(state, taps, steps):
    ones = 0
    for _ in range(steps):
        bit = state & 1
        ones += bit
        state >>= 1
        if bit:
            state ^= taps
    return state, ones


def popcount(n):
    n = n - (n >> 1 & 0x55555555)
    n = (n & 0x33333333) + (n >> 2 & 0x33333333)
    n = n + (n >> 4) & 0x0F0F0F0F
    return (n * 0x01010101 & 0xFFFFFFFF) >> 24


def xorshift(seed, count):
    x, total = seed, 0
    for _ in range(count):
        x ^= x << 13 & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 7
        x ^= x << 17 & 0xFFFFFFFFFFFFFFFF
        total += x & 0xFF
    return x, total


def knight_moves(square):
    board, x, y = 0, square % 8, square // 8
    for dx, dy in ((1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1)):
        if 0 <= x + dx < 8 and 0 <= y + dy < 8:
            board |= 1 << (y + dy) * 8 + x + dx
    return board


def main():
    print(hex(crc32(bytes(range(256)) * 500, crc_table())))
    print(register(0xACE1, 0xB400, 250_000))
    print(sum(popcount(n * 2654435761 & 0xFFFFFFFF) for n in range(100_000)), sum(n.bit_count() for n in range(100_000)))
    print(sum((n ^ n >> 1) & 7 for n in range(250_000)))
    print(xorshift(88172645463325252, 60_000))
    boards = [knight_moves(square) for square in range(64)]
    reach, steps = 1, 0
    for _ in range(60):
        reach, steps = 1, 0
        while reach != (1 << 64) - 1:
            for square in range(64):
                if reach >> square & 1:
                    reach |= boards[square]
            steps += 1
    print(steps, sum(map(int.bit_count, boards)))


if __name__ == "__main__":
    main()
