b = b"Hello, World"
print(b, b[0], b[1:4], b[::-1], len(b), b.upper(), b.find(b"o"), b.find(111), b.split(b", "),
    b.replace(b"l", b"L"), list(b[:3]), b.hex(), b.hex(":", 2))
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes.fromhex("de ad be ef"), b"a" * 3, b"a" + b"b",
    b"b" in b"abc", 98 in b"abc", bytes(range(5)))
print(b"x".join([b"1", b"2"]), b"a b".partition(b" "), b" x ".strip(), b"%d-%s" % (5, b"q"),
    b"abc".translate(bytes.maketrans(b"ab", b"xy"), b"c"), b"ab".zfill(5), b"a\tb".expandtabs(3))
a = bytearray(b"hello")
a[0] = 72
a[1:3] = b"EYY"
a.append(33)
a.extend(b"??")
a += b"."
a.insert(0, 95)
del a[-1]
a *= 2
print(a, a.pop(), a.pop(0), a.index(b"Y"), a.count(b"Y"), a.decode(), len(a), a == bytes(a),
    a.startswith(b"H"), a[::2])
a.reverse()
print(a)
a.clear()
print(a, bool(a))
print("é漢😀".encode(), "é".encode("latin-1"), "é漢".encode("ascii", "replace"),
    "é".encode("ascii", "xmlcharrefreplace"), "é".encode("ascii", "backslashreplace"),
    "😀".encode("utf-16-le"), "a".encode("utf-32"))
print(b"\xc3\xa9\xff".decode("utf-8", "replace"),
    b"\xff".decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape"),
    b"\xff\xfea\0".decode("utf-16"), b"\xe9".decode("cp1252"))
for bad in ("b'\\xff'.decode()", "'é'.encode('ascii')", "bytes([256])", "bytes('x')", "bytes(-1)",
    "b'a' + 'b'", "b'abc'[9]", "bytes.fromhex('zz')", "bytearray(b'a').remove(5)", "'x'.encode('nope')",
    "b'' == ''"):
    try:
        print(eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, e)
