"""Character properties for str (types/str/unicode.h), as the reference interpreter's str methods show them.

Equal records are shared, and characters are looked up in two steps: page of 128 characters, then record.
"""

import _sre
import unicodedata

PAGE = 128
MAPPING_BASE = 0x400000

FLAGS = [
    str.isalpha,
    str.isdecimal,
    str.isdigit,
    str.isnumeric,
    str.islower,
    str.isupper,
    lambda c: unicodedata.category(c) == "Lt",
    str.isspace,
    lambda c: len(f"a{c}b".splitlines()) == 2,
    str.isprintable,
    str.isidentifier,
    lambda c: f"a{c}".isidentifier(),
    # What str.lower() skips when it decides whether a sigma ends a word.
    lambda c: f"A{c}Σ".lower()[-1] == "ς" and f"{c}Σ".lower()[-1] != "ς",
]

expansions = []
expansion_index = {}


def mapping(c, text):
    if len(text) == 1:
        return ord(text) - ord(c)
    if text not in expansion_index:
        expansion_index[text] = len(expansions)
        expansions.append(len(text))
        expansions.extend(map(ord, text))
    return MAPPING_BASE + expansion_index[text]


def record(code):
    c = chr(code)
    flags = sum(test(c) << i for i, test in enumerate(FLAGS))
    return (flags, unicodedata.decimal(c, -1), unicodedata.digit(c, -1), mapping(c, c.lower()), mapping(c, c.upper()),
            mapping(c, c.title()), mapping(c, c.casefold()), _sre.unicode_tolower(code) - code)


def numbers(items):
    items = list(items)
    for i in range(0, len(items), 16):
        print("    " + " ".join(f"{n}," for n in items[i:i + 16]))


records, pages, page_order = {}, [], {}
for start in range(0, 0x110000, PAGE):
    page = tuple(records.setdefault(record(c), len(records)) for c in range(start, start + PAGE))
    pages.append(page_order.setdefault(page, len(page_order)))

print('#include "types/str/unicode.h"\n\nconst UnicodeRecord unicode_records[] = {')
for r in records:
    print("    {" + ", ".join(map(str, r)) + "},")
print("};\n\nconst uint16_t unicode_pages[] = {")
numbers(pages)
print("};\n\nconst uint16_t unicode_page_records[] = {")
numbers(n for page in page_order for n in page)
print("};\n\nconst uint16_t unicode_latin1_flags[256] = {")
numbers(record(c)[0] for c in range(256))
print("};\n\nconst uint32_t unicode_expansions[] = {")
numbers(expansions)
print("};")
