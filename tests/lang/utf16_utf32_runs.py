# UTF-16 and UTF-32 of plain runs, surrogate pairs and errors between them, in all orders and widths of text.
TEXTS = ["", "a", "plain ascii text", "caf\xe9 na\xefve", "\u0441\u043b\u043e\u0432\u043e", "x\U0001f40dy\U0010ffff",
         "\ud800", "ab\udc00cd", "\U0001f600\ud83d", "\uffff\ufeff\u0100", "z" * 1000 + "\u20ac" + "z" * 1000]
ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
ERRORS = ["strict", "ignore", "replace", "surrogatepass", "backslashreplace", "xmlcharrefreplace"]


def attempt(f, *args):
    try:
        return f(*args)
    except UnicodeError as e:
        return type(e).__name__, str(e)


def short(result):
    return result if len(result) < 60 else (len(result), result[:8], result[-8:])


for encoding in ENCODINGS:
    for text in TEXTS:
        for errors in ERRORS:
            data = attempt(text.encode, encoding, errors)
            print(encoding, errors, short(data))
            if isinstance(data, bytes):
                print(ascii(short(attempt(data.decode, encoding, errors))))

BAD = [b"a", b"a\0b", b"\0\xd8", b"\0\xd8a\0", b"\0\xdc", b"a\0b\0\0\xdcc\0d\0", b"a\0\0\xd8\0\xdcb\0\0\xd8", b"\xff\xfea\0", b"\xfe\xff\0a",
       b"a\0\0\0\0\0\x11\0b\0\0\0", b"\0\xd8\0\0a\0\0\0", b"\xff\xff\xff\xff", b"\xff\xfe\0\0a\0\0\0b\0", b"\0\0\xfe\xff\0\1\xf4\0", b"\x80\0" * 40]
for data in BAD:
    for encoding in ENCODINGS:
        for errors in ("strict", "ignore", "replace", "surrogatepass", "backslashreplace"):
            print(data[:12], encoding, errors, ascii(attempt(data.decode, encoding, errors)))

import codecs
for encoding in ENCODINGS:
    decoder = codecs.getincrementaldecoder(encoding)()
    data = "a\u20ac\U0001f40dz".encode(encoding)
    print([decoder.decode(data[i:i + 1], i == len(data) - 1) for i in range(len(data))])
