"""Compressors in Python: Huffman codes, LZ77 with a hash of triples, Burrows-Wheeler with move to front; round trips."""
import heapq
from collections import Counter


def huffman(data):
    heap = [(count, n, symbol) for n, (symbol, count) in enumerate(sorted(Counter(data).items()))]
    heapq.heapify(heap)
    serial = len(heap)
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        serial += 1
        heapq.heappush(heap, (a[0] + b[0], serial, (a[2], b[2])))
    codes = {}

    def walk(node, code):
        if isinstance(node, tuple):
            walk(node[0], code + "0")
            walk(node[1], code + "1")
        else:
            codes[node] = code or "0"
    walk(heap[0][2], "")
    return "".join([codes[symbol] for symbol in data]), heap[0][2]


def unhuffman(bits, tree):
    out, node = bytearray(), tree
    for bit in bits:
        node = node[bit == "1"]
        if not isinstance(node, tuple):
            out.append(node)
            node = tree
    return bytes(out)


def lz(data):
    out, table, at = [], {}, 0
    while at < len(data):
        key, length, distance = data[at:at + 3], 0, 0
        start = table.get(key)
        if start is not None and at - start < 4096:
            while at + length < len(data) and data[start + length] == data[at + length] and length < 255:
                length += 1
            distance = at - start
        table[key] = at
        if length > 3:
            out.append((distance, length))
            at += length
        else:
            out.append(data[at])
            at += 1
    return out


def unlz(items):
    out = bytearray()
    for item in items:
        if isinstance(item, tuple):
            distance, length = item
            for _ in range(length):
                out.append(out[-distance])
        else:
            out.append(item)
    return bytes(out)


def bwt(data):
    double = data + data
    order = sorted(range(len(data)), key=lambda n: double[n:n + 60])
    return bytes(data[n - 1] for n in order), order.index(0)


def front(data):
    alphabet, out = list(range(256)), []
    for byte in data:
        n = alphabet.index(byte)
        out.append(n)
        if n:
            del alphabet[n]
            alphabet.insert(0, byte)
    return out


def main():
    text = " ".join(f"{w}{n % 7}" for n in range(5000) for w in ("alpha", "beta", "gamma") if (n * len(w)) % 3).encode()
    bits, tree = huffman(text)
    print(len(text), len(bits) // 8, unhuffman(bits, tree) == text)
    items = lz(text)
    print(len(items), unlz(items) == text)
    mixed = bytes((n * n >> 3) % 23 + (n % 11) * 7 for n in range(25_000))
    changed, start = bwt(mixed)
    moved = front(changed)
    print(start, sum(moved), moved.count(0), len(huffman(bytes(moved))[0]) // 8)


if __name__ == "__main__":
    main()
