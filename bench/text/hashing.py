"""Checksums and encodings: SHA and MD5 of chunks and lines, a Merkle tree, hmac, base64, base32, hex, crc32, zlib."""
import base64
import binascii
import hashlib
import hmac
import zlib


def merkle(leaves):
    level = [hashlib.sha256(leaf).digest() for leaf in leaves]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [hashlib.sha256(a + b).digest() for a, b in zip(level[::2], level[1::2])]
    return level[0].hex()


def mine(header, zeros):
    n = 0
    while not hashlib.sha256(header + str(n).encode()).hexdigest().startswith(zeros):
        n += 1
    return n


def main():
    data = bytes(n * n % 256 for n in range(400_000))
    for name in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b"):
        digest = hashlib.new(name)
        for at in range(0, len(data), 4096):
            digest.update(data[at:at + 4096])
        print(name, digest.hexdigest()[:16])
    print(merkle([b"leaf %d" % n for n in range(25_000)]), mine(b"block", "000"))
    print(sum(hmac.new(b"key", b"message %d" % n, "sha256").digest()[0] for n in range(12_000)))
    text = base64.b64encode(data)
    print(len(text), base64.b64decode(text) == data, len(base64.b32encode(data[:30_000])), len(base64.b85encode(data[:30_000])))
    print(binascii.unhexlify(binascii.hexlify(data)) == data, sum(len(base64.urlsafe_b64encode(b"id%d" % n)) for n in range(40_000)))
    print(zlib.crc32(data), zlib.adler32(data), len(zlib.decompress(zlib.compress(data * 3, 6))))
    print(sum(int(hashlib.md5(f"key{n}".encode()).hexdigest()[:4], 16) % 16 == 0 for n in range(40_000)))


if __name__ == "__main__":
    main()
