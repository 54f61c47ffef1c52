import collections
import heapq
import itertools


def codes(text):
    order = itertools.count()
    heap = [(n, next(order), ch) for ch, n in sorted(collections.Counter(text).items())]
    heapq.heapify(heap)
    while len(heap) > 1:
        (n1, _, a), (n2, _, b) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (n1 + n2, next(order), (a, b)))
    table = {}

    def walk(node, prefix):
        match node:
            case (left, right):
                walk(left, prefix + "0")
                walk(right, prefix + "1")
            case leaf:
                table[leaf] = prefix or "0"

    walk(heap[0][2], "")
    return table


def decode(bits, table):
    back = {code: ch for ch, code in table.items()}
    word = ""
    for bit in bits:
        word += bit
        if word in back:
            yield back[word]
            word = ""


text = "she sells sea shells by the sea shore"
table = codes(text)
for ch, code in sorted(table.items(), key=lambda kv: (len(kv[1]), kv[1])):
    print(repr(ch), code)
bits = "".join(table[ch] for ch in text)
packed = int("1" + bits, 2).to_bytes((len(bits) + 8) // 8)
print(len(text) * 8, len(bits), packed.hex(), "".join(decode(bits, table)) == text)
print(codes("aaaa"), "".join(decode(bin(int.from_bytes(packed))[3:], table)))
