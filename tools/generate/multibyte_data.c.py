"""The tables of modules/_multibytecodec (tables.h), as the reference interpreter's own codecs give them: every byte sequence
decoded, every code point encoded. Each encoding's table is one zlib stream; see build_tables in tables.c for what it holds."""

import struct
import zlib

ILLEGAL, LEAD, PREFIX, ILLEGAL_2, EXTRA = 0xD800, 0xD801, 0xD802, 0xD803, 0xD810
ENCODINGS = ("gb2312 gbk gb18030 big5hkscs shift_jis cp932 euc_jp shift_jis_2004 euc_jis_2004 euc_jisx0213 shift_jisx0213 "
             "euc_kr cp949 johab big5 cp950").split()


def decode(name, data):
    """The text, or (start, end) of the part that is illegal; None: incomplete."""
    try:
        return data.decode(name)
    except UnicodeDecodeError as e:
        return None if e.reason.startswith("incomplete") else (e.start, e.end)


def encode(name, text):
    try:
        return text.encode(name)
    except UnicodeEncodeError:
        return None


class Table:
    def __init__(self, name):
        self.name, self.extras, self.extra_index = name, [], {}
        self.pairs = {}      # two characters: their bytes
        self.inverse = {}    # character: the first byte sequence that decodes to it
        self.single = [self.single_value(byte) for byte in range(256)]
        self.planes = [self.plane(b"", LEAD)]
        prefixes = [byte for byte in range(256) if self.single[byte] == PREFIX]
        if prefixes:
            self.planes.append(self.plane(bytes(prefixes), None))
        self.exceptions = self.encode_exceptions()

    def value(self, text, data):
        if len(text) == 1:
            self.inverse.setdefault(text, data)
        else:
            self.pairs[text] = data
        if len(text) == 1 and ord(text) < 0x10000:
            return ord(text)
        if text not in self.extra_index:
            self.extra_index[text] = len(self.extras)
            self.extras.append(text)
        assert EXTRA + self.extra_index[text] < 0xE000
        return EXTRA + self.extra_index[text]

    def single_value(self, byte):
        text = decode(self.name, bytes([byte]))
        if isinstance(text, str):
            return self.value(text, bytes([byte]))
        if text is not None:
            assert text == (0, 1)
            return ILLEGAL
        if self.name.startswith("euc_j") and byte == 0x8F:
            return PREFIX
        return LEAD

    def pair_value(self, data):
        text = decode(self.name, data)
        if isinstance(text, str):
            return self.value(text, data)
        if text is None:  # the start of something longer, for which there is code
            if data == b"\xa4\xd4" and self.name == "euc_kr":  # alone it stands in KS X 1001 only
                return self.value(decode("iso2022_kr", b"\x1b$)C\x0e$T"), data)
            assert self.name == "gb18030", data
            return 0
        assert text in ((0, 1), (0, 2)), (data, text)
        return 0 if text == (0, 1) else ILLEGAL_2

    def plane(self, prefix, kind):
        leads = [b for b in range(256) if kind is None or self.single[b] == kind]
        rows = {lead: [self.pair_value(prefix + bytes([lead, trail])) for trail in range(256)] for lead in leads}
        used = [lead for lead in leads if any(rows[lead])]
        trails = [trail for trail in range(256) if any(rows[lead][trail] for lead in used)]
        first, last, low, high = min(used), max(used), min(trails), max(trails)
        values = [rows.get(lead, [0] * 256)[trail] for lead in range(first, last + 1) for trail in range(low, high + 1)]
        return first, last - first + 1, low, high - low + 1, values

    def encode_exceptions(self):
        found = []
        for code in range(0x110000):
            c = chr(code)
            data = encode(self.name, c)
            if data is not None and (self.name == "gb18030" and len(data) == 4 or self.name == "euc_kr" and len(data) == 8):
                data = None  # there is code for that
                assert c not in self.inverse
            if data != self.inverse.get(c):
                found.append((code, data or b""))
        return found

    def packed(self):
        words = list(self.single) + [len(self.planes)]
        for first, leads, low, trails, values in self.planes:
            words += [first, leads, low, trails]
            words += values
        words.append(len(self.extras))
        for text in self.extras:
            for code in (ord(text[0]), ord(text[1]) if len(text) == 2 else 0):
                words += [code & 0xFFFF, code >> 16]
        words.append(len(self.exceptions))
        for code, data in self.exceptions:
            assert code < 0x30000 and len(data) <= 3
            if len(data) == 3:
                data = data[1:2] + bytes([data[2] & 0x7F])
            words += [code & 0xFFFF, code >> 16, int.from_bytes(data)]
        # High and low bytes apart: the compressor finds more in them.
        return bytes(w >> 8 for w in words) + bytes(w & 0xFF for w in words)


class DesignatedTable(Table):
    """The two planes of JIS X 0213 as an ISO 2022 encoding has them: as a table of EUC, without single bytes."""

    def __init__(self, encoding, first):
        self.encoding, self.escapes = encoding, (first, b"\x1b$(P")
        super().__init__("jisx0213")

    def single_value(self, byte):
        return PREFIX if byte == 0x8F else LEAD if 0xA1 <= byte <= 0xFE else ILLEGAL

    def pair_value(self, data):
        if len(data) == 3 and not 0xA1 <= data[1] <= 0xFE or not 0xA1 <= data[-1] <= 0xFE:
            return 0
        text = decode(self.encoding, self.escapes[len(data) - 2] + bytes(b & 0x7F for b in data[-2:]))
        return self.value(text, data) if isinstance(text, str) else 0

    def encode_exceptions(self):
        found = []
        for code in range(0x80, 0x110000):
            c = chr(code)
            data, inverse = encode(self.encoding, c), self.inverse.get(c)
            if data is not None and data.startswith(b"\x1b$B"):
                continue  # another set has it, which is asked first
            if data is not None:
                plane = self.escapes.index(data[:4])
                data = b"\x8f" * plane + bytes(b | 0x80 for b in data[4:6])
            if data != inverse:
                found.append((code, data or b""))
        return found


def gb18030_ranges():
    """Four-byte sequences: (number of the sequence, first character, how many) of each run of characters below 0x10000."""
    ranges = []
    for number in range(39420):
        high, low = divmod(number, 1260)
        lead, second = divmod(high, 10)
        third, fourth = divmod(low, 10)
        data = bytes([0x81 + lead, 0x30 + second, 0x81 + third, 0x30 + fourth])
        text = decode("gb18030", data)
        if not isinstance(text, str):
            continue
        code = ord(text)
        if ranges and ranges[-1][0] + ranges[-1][2] == number and ranges[-1][1] + ranges[-1][2] == code:
            ranges[-1][2] += 1
        else:
            ranges.append([number, code, 1])
    return ranges


def byte_array(name, data):
    print(f"static const uint8_t {name}[] =")
    for i in range(0, len(data), 48):
        print('    "' + "".join(f"\\{b:03o}" for b in data[i:i + 48]) + '"')
    print("    ;\n")


print('#include "modules/_multibytecodec/tables.h"\n')
rows = []
tables = {name: Table(name) for name in ENCODINGS}
tables["jisx0213_2000"] = DesignatedTable("iso2022_jp_3", b"\x1b$(O")
tables["jisx0213_2004"] = DesignatedTable("iso2022_jp_2004", b"\x1b$(Q")
for name, table in tables.items():
    raw = table.packed()
    data = zlib.compress(raw, 9)
    byte_array(name, data)
    rows.append(f'    [TABLE_{name.upper()}] = {{{name}, {len(data)}, {len(raw)}}},')
print("const PackedTable multibyte_packed[] = {", *rows, "};\n", sep="\n")

ranges = gb18030_ranges()
assert ranges == sorted(ranges, key=lambda r: r[1])
print(f"const size_t gb18030_range_count = {len(ranges)};")
print("const Gb18030Range gb18030_ranges[] = {")
for number, code, count in ranges:
    print(f"    {{{number}, {code}, {count}}},")
print("};\n")

print("const uint16_t iso8859_7_high[96] = {")
for byte in range(0x20, 0x80):
    text = decode("iso2022_jp_2", b"\x1b.F\x1bN" + bytes([byte]))
    print(f"    {ord(text) if isinstance(text, str) else 0},")
print("};")
