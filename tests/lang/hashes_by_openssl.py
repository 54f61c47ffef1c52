"""_hashlib: hash objects, XOFs, HMAC, key derivation, and the errors of each."""

import _hashlib
import hashlib
import hmac

def attempt(function, *arguments, **keywords):
    try: print(function(*arguments, **keywords))
    except Exception as error: print(type(error).__name__, error)

for name in ["md5", "sha1", "SHA224", "sha256", "sha384", "sha512", "sha512_256", "sha3_256", "SHA3-512", "blake2b", "blake2s", "ripemd160"]:
    h = _hashlib.new(name, b"data")
    other = h.copy()
    other.update(memoryview(b"more"))
    print(h.name, h.digest_size, h.block_size, type(h), h.hexdigest(), other.digest()[:8], repr(h).split(" object")[0])
for make in (_hashlib.openssl_shake_128, _hashlib.openssl_shake_256):
    h = make(b"data")
    print(h.name, h.digest_size, type(h), h.hexdigest(20), h.digest(0), h.copy().digest(3))
    attempt(h.digest)
for arguments in [("nope",), (3,), ("md5", "text"), ("md5", 3), ("md5", b"", 4)]:
    attempt(_hashlib.new, *arguments)
attempt(_hashlib.new, "md5", b"", string=b"x")
attempt(_hashlib.HASH)
attempt(_hashlib.HASH.__new__, _hashlib.HASH)

h = _hashlib.hmac_new(b"key", b"message", "sha256")
other = h.copy()
other.update(b"more")
print(h.name, h.digest_size, h.block_size, h.hexdigest(), other.hexdigest() == hmac.digest(b"key", b"messagemore", "sha256").hex())
for arguments in [(b"k",), (b"k", b"m", "nope"), (b"k", b"m", 3), ("k", b"m", "md5"), (b"k", "m", "md5"), (b"k", b"m", "shake_128")]:
    attempt(_hashlib.hmac_new, *arguments)
print(_hashlib.hmac_digest(b"k", b"m", _hashlib.openssl_md5))
attempt(_hashlib.hmac_digest, b"k", b"m", len)
print(hmac.new(b"k", b"m", hashlib.sha512).hexdigest())

print(hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 1000).hex(), hashlib.pbkdf2_hmac("md5", b"p", b"s", 3, 40).hex())
for arguments in [("sha1", b"p", b"s", 0), ("sha1", b"p", b"s", 1, 0), ("sha1", b"p", b"s", 1 << 40), ("nope", b"p", b"s", 1), (3, b"", b"", 1)]:
    attempt(hashlib.pbkdf2_hmac, *arguments)
print(hashlib.scrypt(b"password", salt=b"salt", n=16, r=8, p=1, dklen=24).hex())
for keywords in [dict(n=3), dict(n=1), dict(r=-1), dict(maxmem=-1), dict(dklen=0), dict(salt="s")]:
    attempt(hashlib.scrypt, b"p", **{"salt": b"s", "n": 16, "r": 8, "p": 1} | keywords)
attempt(_hashlib.compare_digest, "é", "e")
print(_hashlib.compare_digest(b"a", bytearray(b"a")), _hashlib.get_fips_mode(), issubclass(_hashlib.UnsupportedDigestmodError, ValueError))
print({"md5", "sha1", "sha512_256", "shake_128", "blake2b"} <= _hashlib.openssl_md_meth_names)
