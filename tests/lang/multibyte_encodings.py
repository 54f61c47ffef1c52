"""The East Asian encodings: every character, every pair of bytes, errors, incremental coders and streams."""

import codecs
import hashlib
import io

NAMES = ("gb2312 gbk gb18030 hz big5hkscs big5 cp950 shift_jis cp932 euc_jp shift_jis_2004 euc_jis_2004 euc_jisx0213 "
         "shift_jisx0213 euc_kr cp949 johab iso2022_kr iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 "
         "iso2022_jp_ext").split()


def digest(data):
    return hashlib.sha1(data).hexdigest()[:12]


# Without tildes: CPython loses every other one's double when its buffer is full.
every_char = "".join(chr(c) for c in range(0x30000) if not 0xD800 <= c < 0xE000 and c != 0x7E)
every_pair = b"".join(bytes([a, b, 0x0A]) for a in range(256) for b in range(256))
text = "Tilde: ~ \u65e5\u672c\u8a9e \uac00\ub098\ub2e4 \u4e2d\u6587 \u30ab\uff76 \u00e9 \U00020b9f \u304b\u309a!"

for name in NAMES:
    print(name, digest(every_char.encode(name, "ignore")), digest(every_pair.decode(name, "replace").encode("utf-8", "surrogatepass")))
    for errors in ("replace", "xmlcharrefreplace", "backslashreplace"):
        encoded = text.encode(name, errors)
        print("   ", errors, encoded, ascii(encoded.decode(name)))
    try:
        text.encode(name)
    except UnicodeEncodeError as e:
        print("   ", e)
    for broken in (b"ab\xff\xffcd", b"\x81", b"\x1b$B\x24", b"~{0", b"\xa4\xd4\xa4"):
        try:
            print("   ", ascii(broken.decode(name)))
        except UnicodeDecodeError as e:
            print("   ", e)

for name in ("gb18030", "hz", "euc_jp", "euc_jis_2004", "big5hkscs", "iso2022_jp", "iso2022_kr"):
    encoder = codecs.getincrementalencoder(name)("ignore")
    pieces = []
    for c in text:
        pieces.append(encoder.encode(c))
        print(name, ascii(c), pieces[-1], encoder.getstate())
    pieces.append(encoder.encode("", True))
    whole = b"".join(pieces)
    print(whole == text.encode(name, "ignore"))
    decoder = codecs.getincrementaldecoder(name)()
    print([(ascii(decoder.decode(whole[i:i + 1])), decoder.getstate()) for i in range(len(whole))])
    decoder.reset()
    print(ascii(decoder.decode(b"z", True)))

    stream = io.BytesIO()
    writer = codecs.getwriter(name)(stream, "ignore")
    writer.write("x\u4e00\n")
    writer.writelines(["\u4e01", "\ny"])
    writer.reset()
    stream.seek(0)
    reader = codecs.getreader(name)(stream)
    print(stream.getvalue(), ascii(reader.read(1)), ascii(reader.readline()), ascii(reader.readlines()), reader.errors)


def handler(e):
    return "?" * (e.end - e.start), e.end


codecs.register_error("test.multibyte", handler)
print(text.encode("euc_kr", "test.multibyte"), b"a\xffb\x80".decode("euc_kr", "test.multibyte"))

import _codecs_jp
import _multibytecodec

for call in (lambda: _codecs_jp.getcodec("nothing"), lambda: _codecs_jp.getcodec(1), lambda: _codecs_jp.getcodec("euc_jp").decode("x"),
             lambda: _codecs_jp.getcodec("euc_jp").encode(), lambda: codecs.getincrementaldecoder("hz")().setstate(1),
             lambda: codecs.getincrementaldecoder("hz")().setstate((1, 2)), lambda: codecs.getincrementalencoder("hz")().setstate(255),
             lambda: codecs.getincrementaldecoder("hz")().setstate((b"123456789", 0)), lambda: "x".encode("hz", "no such handler"),
             lambda: "\xff".encode("hz", "no such handler")):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
