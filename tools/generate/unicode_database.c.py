"""The Unicode character database (modules/unicodedata_tables.h), as the reference interpreter's unicodedata has it."""

import unicodedata

PAGE = 128
prefixes, codes, code_index = {"": 0}, [], {}
categories, bidirectional, widths = {}, {}, {}


def array(kind, name, items, per_line=16):
    items = list(items)
    print(f"static const {kind} {name}[] = {{")
    for i in range(0, len(items), per_line):
        print("    " + " ".join(f"{n}," for n in items[i:i + per_line]))
    print("};\n")


def number(table, text):
    return table.setdefault(text, len(table))


def decomposition(db, c):
    text = db.decomposition(c)
    if not text:
        return None
    prefix = ""
    if text.startswith("<"):
        prefix, text = text.split(" ", 1)
    parts = tuple(int(p, 16) for p in text.split())
    if parts not in code_index:
        code_index[parts] = len(codes)
        codes.extend(parts)
    return f"{{{ord(c)}, {number(prefixes, prefix)}, {len(parts)}, {code_index[parts]}}}"


def numeric_list(lookup):
    found = []
    for code in range(0x110000):
        value = lookup(chr(code), None)
        if value is not None:
            found.append(f"{{{code}, {float(value)!r}}}")
    return found


FORMS = "NFC", "NFD", "NFKC", "NFKD"  # as in NormalForm


def joining():
    """The characters that can become one with the character before them."""
    found = {chr(c) for c in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for code in range(0x110000):
        parts = unicodedata.decomposition(chr(code))
        if parts and not parts.startswith("<"):
            pair = [chr(int(p, 16)) for p in parts.split()]
            if len(pair) == 2 and unicodedata.normalize("NFC", "".join(pair)) == chr(code):
                found.add(pair[1])
    return found


JOINING = joining()


def normal(c):
    bits = 0
    for i, form in enumerate(FORMS):
        if not unicodedata.is_normalized(form, c):
            bits |= 2 << 2 * i
        elif form in ("NFC", "NFKC") and c in JOINING:
            bits |= 1 << 2 * i
    return bits


def database(name, db, current):
    records, pages, page_order, decompositions = {}, [], {}, []
    for start in range(0, 0x110000, PAGE):
        page = []
        for code in range(start, start + PAGE):
            c = chr(code)
            record = (number(categories, db.category(c)), number(bidirectional, db.bidirectional(c)), db.combining(c),
                      db.mirrored(c), number(widths, db.east_asian_width(c)), normal(c) if current else 0)
            page.append(records.setdefault(record, len(records)))
            d = decomposition(db, c)
            if d and not 0xAC00 <= code < 0xD7A4:
                decompositions.append(d)
        pages.append(page_order.setdefault(tuple(page), len(page_order)))
    array("UnicodeProperties", f"ucd_{name}_properties", ("{" + ", ".join(map(str, r)) + "}" for r in records), 6)
    array("uint16_t", f"ucd_{name}_pages", pages)
    array("uint16_t", f"ucd_{name}_page_properties", (n for page in page_order for n in page))
    array("UnicodeDecomposition", f"ucd_{name}_decompositions", decompositions, 6)
    lists = {}
    for what in ("numeric",) if current else ("numeric", "digit", "decimal"):
        lists[what] = numeric_list(getattr(db, what))
        array("UnicodeNumber", f"ucd_{name}_{what}", lists[what], 6)
    tables = [f'"{db.unidata_version}"', f"ucd_{name}_properties", f"ucd_{name}_pages", f"ucd_{name}_page_properties",
              f"ucd_{name}_decompositions", len(decompositions), f"ucd_{name}_numeric", len(lists["numeric"])]
    tables += ["0, 0, 0, 0"] if current else [f"ucd_{name}_digit", f"ucd_{name}_decimal", len(lists["digit"]), len(lists["decimal"])]
    print(f"const UnicodeDatabase unicode_{name} = {{{', '.join(map(str, tables))}}};\n")


compositions = []
for code in range(0x110000):
    parts = unicodedata.decomposition(chr(code))
    if parts and not parts.startswith("<") and not 0xAC00 <= code < 0xD7A4:
        pair = [int(p, 16) for p in parts.split()]
        if len(pair) == 2 and unicodedata.normalize("NFC", chr(pair[0]) + chr(pair[1])) == chr(code):
            compositions.append((*pair, code))
compositions.sort()

print('#include "modules/unicodedata_tables.h"\n')
database("current", unicodedata, True)
database("3_2_0", unicodedata.ucd_3_2_0, False)
for name, table in (("unicode_categories", categories), ("unicode_bidirectional", bidirectional),
                    ("unicode_east_asian_widths", widths), ("unicode_decomposition_prefixes", prefixes)):
    print(f"const char *const {name}[] = {{" + ", ".join(f'"{t}"' for t in table) + "};")
for name, table in (("category", categories), ("bidirectional", bidirectional), ("east_asian_width", widths)):
    print(f"const uint32_t unicode_{name}_count = {len(table)};")
print("const uint32_t unicode_decomposition_codes[] = {" + ", ".join(map(str, codes)) + "};")
print("const UnicodeComposition unicode_compositions[] = {")
for c in compositions:
    print(f"    {{{c[0]}, {c[1]}, {c[2]}}},")
print(f"}};\nconst uint32_t unicode_composition_count = {len(compositions)};")

print("const uint32_t unicode_3_2_0_corrections[][2] = {")
old = unicodedata.ucd_3_2_0
for c in map(chr, range(0x110000)):
    if old.decomposition(c) and old.normalize("NFD", c) != unicodedata.normalize("NFD", c):
        print(f"    {{{ord(c)}, {ord(old.normalize('NFD', c))}}},")
print("    {0, 0},\n};")
