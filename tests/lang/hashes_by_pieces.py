"""hashlib and hmac: every way to feed a hash gives the same digest; copies go their own way; long and empty keys."""
import hashlib
import hmac

data = bytes(n * n % 251 for n in range(5000))
for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "sha512_256"):
    whole, pieces = hashlib.new(name, data), hashlib.new(name)
    at = 0
    for size in (0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 3000, 5000):
        pieces.update(memoryview(data)[at:at + size])
        at += size
    print(name, whole.digest() == pieces.digest() == pieces.digest(), whole.hexdigest()[:24], whole.digest_size, whole.block_size,
          whole.name)
    copy = whole.copy()
    copy.update(b"more")
    print(copy.hexdigest()[:24], copy.hexdigest() != whole.hexdigest(), hashlib.new(name, b"").hexdigest()[:16])
    for key in (b"", b"k", bytes(64), bytes(range(128)), bytes(300)):
        code = hmac.new(key, data[:100], name)
        twin = code.copy()
        code.update(data[100:])
        print(code.hexdigest()[:24], code.digest() == hmac.digest(key, data, name), twin.digest() == hmac.digest(key, data[:100], name),
              code.name, code.digest_size, code.block_size)
for wrong in (lambda: hashlib.md5("text"), lambda: hashlib.sha256(3), lambda: hmac.new(b"k", "text", "sha1")):
    try:
        wrong()
    except TypeError as error:
        print(error)
