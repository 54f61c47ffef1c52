import hashlib, hmac, base64, binascii, zlib, gzip, io, quopri, uuid, secrets, codecs
for n in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s",
    "shake_128"):
    h = hashlib.new(n)
    h.update(b"abc")
    h2 = h.copy()
    h2.update(b"d" * 1000)
    print(n, h.digest_size, h.block_size, (h.hexdigest(16) if "shake" in n else h.hexdigest())[:64],
        (h2.hexdigest(16) if "shake" in n else h2.hexdigest())[:16])
print(hmac.new(b"key", b"msg", "sha256").hexdigest(), hmac.compare_digest(b"a", b"a"),
    hashlib.blake2b(b"x", digest_size=8, key=b"k").hexdigest(), hashlib.sha256(b"").hexdigest()[:8],
    "sha256" in hashlib.algorithms_guaranteed, hashlib.file_digest(io.BytesIO(b"abc"), "md5").hexdigest())
d = bytes(range(20))
print(base64.b64encode(d), base64.urlsafe_b64encode(b"\xfb\xff"), base64.b32encode(d), base64.b16encode(d),
    base64.b85encode(d), base64.a85encode(d), base64.b64decode(b"aGk="), base64.b32decode(b"NBUQ===="),
    base64.decodebytes(base64.encodebytes(d)) == d, base64.z85encode(b"12345678"))
print(binascii.hexlify(b"az", "-"), binascii.unhexlify("617a"), binascii.crc32(b"hello"),
    zlib.adler32(b"hello"), binascii.b2a_uu(b"hi"), quopri.encodestring("é=".encode()),
    codecs.encode("hello", "rot13"), codecs.decode(b"6869", "hex"), binascii.crc_hqx(b"abc", 0))
z = zlib.compress(b"a" * 1000, 9)
print(len(z), zlib.decompress(z) == b"a" * 1000, gzip.decompress(gzip.compress(b"gz", mtime=0)),
    gzip.compress(b"x", mtime=0)[:4])
c = zlib.compressobj(wbits=-15)
raw = c.compress(b"data" * 50) + c.flush()
o = zlib.decompressobj(-15)
print(o.decompress(raw, 10), len(o.unconsumed_tail) > 0, len(o.flush()), zlib.crc32(b"a", 5))
for code in ("base64.b64decode('abc')", "binascii.unhexlify('abc')", "base64.b32decode('1')",
    "zlib.decompress(b'junk')", "hashlib.new('nope')", "hashlib.md5('str')", "gzip.decompress(b'bad header')",
    "base64.b64decode(b'a!b=', validate=True)", "uuid.UUID('x')"):
    try:
        print(eval(code))
    except Exception as e:
        print(code, "->", type(e).__name__, e)
u = uuid.uuid5(uuid.NAMESPACE_DNS, "python.org")
print(u, u.version, u.int % 1000, u.bytes[:2], uuid.UUID(int=5), uuid.uuid4().version, u == uuid.UUID(str(u)),
    len(secrets.token_hex(8)), uuid.uuid3(uuid.NAMESPACE_URL, "x").hex)
print(codecs.lookup("utf8").name, codecs.lookup("latin1").name, "é".encode("cp437"), "日本".encode("utf-7"),
    "a\u0301".encode("punycode"), "bücher.de".encode("idna"),
    codecs.BOM_UTF8 + b"x" == "x".encode("utf-8-sig"), b"\xef\xbb\xbfx".decode("utf-8-sig"),
    "x\\n".encode().decode("unicode_escape"), "é\n".encode("unicode_escape"),
    codecs.getincrementaldecoder("utf-8")().decode(b"\xc3"),
    list(codecs.iterdecode([b"\xc3", b"\xa9"], "utf-8")))
codecs.register_error("mine", lambda e: (f"<{ord(e.object[e.start])}>", e.end))
print("aéb".encode("ascii", "mine"), "é".encode("ascii", "namereplace"))
