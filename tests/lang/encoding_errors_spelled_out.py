"""What takes the place of characters that an encoding lacks, and of bytes that it does not know, by each handler."""
text = "aé\u1234😀\udc80b"
handlers = ("strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogateescape", "surrogatepass")
for encoding in ("ascii", "latin-1", "utf-8", "utf-16-le", "utf-16-be", "cp1252", "iso8859-15"):
    for errors in handlers:
        for sample in (text, text[:-2], "abc", "é" * 3, "\u1234x\u1235"):
            try:
                print(encoding, errors, sample.encode(encoding, errors))
            except UnicodeError as error:
                print(encoding, errors, type(error).__name__, ascii(str(error)))
    for data in (b"a\xff\xfeb", b"\x00\xd8a\x00", b"\x00", b"a\x00\x00\xd8\x00\xdcb\x00\x00\xd8", "aéж☃😀z".encode() * 20 + b"\xe2\x82"):
        for errors in ("strict", "ignore", "replace", "backslashreplace", "surrogateescape"):
            try:
                print(encoding, errors, ascii(data.decode(encoding, errors)))
            except UnicodeError as error:
                print(encoding, errors, type(error).__name__, ascii(str(error)))
for wide in ("abc", "é", "aé\u1234", "😀x", "", " a\U0010ffff" * 50, "Ελληνικά, русский, 日本語, 😀; ascii between them all " * 9):
    print([wide.encode(e).decode(e) == wide for e in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32")])
    damaged = bytearray(wide.encode() * 3)
    if damaged:
        damaged[len(damaged) * 2 // 3] = 0xc0
        print(ascii(damaged.decode("utf-8", "replace"))[-80:])
