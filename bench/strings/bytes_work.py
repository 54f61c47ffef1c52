"""Bytes: bytearray editing, memoryview slices, struct records, hex, joins, searches, a run-length and a XOR coder."""
import struct


def xor(data, key):
    out = bytearray(data)
    for i in range(len(out)):
        out[i] ^= key[i % len(key)]
    return bytes(out)


def pack_runs(data):
    out = bytearray()
    at = 0
    while at < len(data):
        end = at
        while end < len(data) and data[end] == data[at] and end - at < 255:
            end += 1
        out += bytes((end - at, data[at]))
        at = end
    return out


def unpack_runs(data):
    return b"".join(data[i + 1:i + 2] * data[i] for i in range(0, len(data), 2))


def main():
    data = bytes(n * n % 251 for n in range(150_000))
    secret = xor(data, b"swordfish")
    print(secret[:8].hex(), xor(secret, b"swordfish") == data)
    picture = b"".join(bytes([n % 7]) * (n % 40 + 1) for n in range(9000))
    packed = pack_runs(picture)
    print(len(picture), len(packed), unpack_runs(packed) == picture)
    record = struct.Struct("<IhBd8s")
    blob = b"".join(record.pack(n, n % 100, n % 256, n / 3, b"row%d" % n) for n in range(40_000))
    total = 0.0
    for number, small, byte, ratio, name in record.iter_unpack(blob):
        total += number + small + byte + ratio + len(name.rstrip(b"\0"))
    print(len(blob), f"{total:.3f}")
    view, total = memoryview(blob), 0
    for at in range(0, len(view), record.size):
        part = view[at:at + 4]
        total += part[0] + int.from_bytes(part, "little")
    print(total, struct.unpack_from(">HH", blob, 100), blob.count(b"row1"), blob.find(b"row999"))
    buffer = bytearray()
    for n in range(150_000):
        buffer.append(n & 0xFF)
        if n % 50 == 49:
            buffer[-10:] = b"--"
        if len(buffer) > 3000:
            del buffer[:1000]
    print(len(buffer), bytes(buffer[:12]), buffer.translate(bytes(range(255, -1, -1)))[:4].hex())
    print(len(b",".join(b"%d" % n for n in range(30_000)).split(b",")), bytes.fromhex("00ff10" * 300).count(255))


if __name__ == "__main__":
    main()
