"""_bz2 and _lzma: whole streams, pieces, limits, leftovers, filters and errors."""
import bz2
import lzma
import random
import threading

random.seed(3)
DATA = bytes(random.choice(b"abcd\n") for _ in range(50000)) + b"tail" * 5000


def show(function, *args, **kwargs):
    try:
        print(function(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


for module, make, unmake in [(bz2, bz2.BZ2Compressor, bz2.BZ2Decompressor), (lzma, lzma.LZMACompressor, lzma.LZMADecompressor)]:
    packed = module.compress(DATA)
    print(module.__name__, len(packed), module.decompress(packed) == DATA, module.decompress(packed * 2) == DATA * 2)
    c = make()
    pieces = b"".join(c.compress(DATA[i:i + 777]) for i in range(0, len(DATA), 777)) + c.flush()
    print(pieces == packed, module.decompress(pieces) == DATA)
    show(c.compress, b"x")
    show(c.flush)
    d, out = unmake(), []
    for i in range(0, len(packed), 1001):
        out.append(d.decompress(packed[i:i + 1001]))
    print(b"".join(out) == DATA, d.eof, d.needs_input, d.unused_data)
    show(d.decompress, b"")
    d = unmake()
    out = [d.decompress(packed + b"rest", max_length=1000)]
    while not d.eof:
        out.append(d.decompress(b"", max_length=1000))
        if d.needs_input:
            print("hungry")
    print(b"".join(out) == DATA, max(map(len, out)), d.unused_data, d.needs_input)
    d = unmake()
    show(d.decompress, b"certainly not compressed data" * 10)
    show(d.decompress, b"more")
    print(d.eof, d.unused_data)
    show(module.decompress, packed[:-5])
    show(module.decompress, b"")
    show(unmake().decompress, "text")

show(bz2.BZ2Compressor, 0)
show(bz2.BZ2Compressor, 10)
d = lzma.LZMADecompressor()
print(d.check == lzma.CHECK_UNKNOWN, d.decompress(lzma.compress(DATA)) == DATA, d.check == lzma.CHECK_CRC64)
raw = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 3, "dict_size": 1 << 16}]
packed = lzma.compress(DATA, format=lzma.FORMAT_RAW, filters=raw)
print(len(packed), lzma.decompress(packed, format=lzma.FORMAT_RAW, filters=raw) == DATA)
packed = lzma.compress(DATA, format=lzma.FORMAT_ALONE)
print(lzma.decompress(packed) == DATA, lzma.decompress(packed, lzma.FORMAT_ALONE) == DATA)
show(lzma.decompress, packed, lzma.FORMAT_XZ)
show(lzma.decompress, lzma.compress(DATA), memlimit=10)
for arguments in [dict(preset=1, filters=raw), dict(format=lzma.FORMAT_RAW), dict(format=9), dict(preset=99), dict(filters=[{}]),
                  dict(filters=[{"id": 12345}]), dict(filters=[5]), dict(filters=raw * 3), dict(preset=-1),
                  dict(filters=[{"id": lzma.FILTER_LZMA2, "bogus": 1}]), dict(filters=[{"id": lzma.FILTER_LZMA2, "lc": -1}]),
                  dict(format=lzma.FORMAT_ALONE, filters=raw), dict(format=lzma.FORMAT_ALONE, check=lzma.CHECK_CRC32)]:
    show(lzma.LZMACompressor, **arguments)
for spec in [raw[0], raw[1], {"id": lzma.FILTER_LZMA1, "lc": 2}, {"id": lzma.FILTER_X86, "start_offset": 16}, {"id": lzma.FILTER_ARM}]:
    encoded = lzma._encode_filter_properties(spec)
    print(encoded, lzma._decode_filter_properties(spec["id"], encoded))
print([lzma.is_check_supported(check) for check in (0, 1, 4, 10, 15)])

# One decompressor fed by several threads: the pieces come in some order, and nothing breaks.
d = bz2.BZ2Decompressor()
packed = bz2.compress(bytes(random.randrange(256) for _ in range(300000)))
outcomes = []


def feed():
    try:
        d.decompress(packed)
        outcomes.append("done")
    except (OSError, EOFError, ValueError) as error:
        outcomes.append("refused")


threads = [threading.Thread(target=feed) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(outcomes), "done" in outcomes)
