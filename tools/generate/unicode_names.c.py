"""Character names (types/str/unicode_names.h), as the reference interpreter's unicodedata has them.

Aliases and named sequences, which unicodedata does not list, are in name_aliases.txt.
"""

import pathlib
import unicodedata

MASK32 = 0xFFFFFFFF


def fnv(name):
    h = 2166136261
    for byte in name.encode():
        h = (h ^ byte) * 16777619 & MASK32
    return h


def array(kind, name, items, per_line=16):
    items = list(items)
    print(f"const {kind} {name}[] = {{")
    for i in range(0, len(items), per_line):
        print("    " + " ".join(f"{n}," for n in items[i:i + per_line]))
    print("};\n")


names, prefixes = {}, []


def has_code(name, code):
    try:
        return unicodedata.lookup(name) == chr(code)
    except KeyError:
        return False


for code in range(0x110000):
    name = unicodedata.name(chr(code), None)
    lookup_only = False
    if name is None and unicodedata.category(chr(code)) == "Lo" and has_code(f"TANGUT IDEOGRAPH-{code:04X}", code):
        name = f"TANGUT IDEOGRAPH-{code:04X}"
        lookup_only = True
    if name is None or name.startswith("HANGUL SYLLABLE "):
        continue
    if name.endswith(f"-{code:04X}"):
        prefix = name[: -len(f"{code:04X}")]
        if prefixes and prefixes[-1][1] == code and prefixes[-1][2] == prefix:
            prefixes[-1][1] = code + 1
        else:
            prefixes.append([code, code + 1, prefix, int(lookup_only)])
        continue
    names[code] = name

words, counts = {}, {}
for name in names.values():
    for word in name.split(" "):
        counts[word] = counts.get(word, 0) + 1
for word in sorted(counts, key=lambda w: (-counts[w], w)):
    words[word] = len(words)
assert len(words) < 0x10000

print('#include "types/str/unicode_names.h"\n')
text = "".join(words)
print("const char unicode_words[] =")
for i in range(0, len(text), 100):
    print(f'    "{text[i:i + 100]}"')
print("    ;\n")
starts, at = [0], 0
for word in words:
    at += len(word)
    starts.append(at)
array("uint32_t", "unicode_word_starts", starts)

numbers, ends, runs = [], [0], []
for index, (code, name) in enumerate(names.items()):
    if runs and runs[-1][0] + runs[-1][1] == code:
        runs[-1][1] += 1
    else:
        runs.append([code, 1, index])
    numbers.extend(words[w] for w in name.split(" "))
    ends.append(len(numbers))
array("uint16_t", "unicode_name_words", numbers)
array("uint32_t", "unicode_name_ends", ends)
array("UnicodeNameRun", "unicode_name_runs", (f"{{{c}, {n}, {i}}}" for c, n, i in runs), 6)
print(f"const uint32_t unicode_name_run_count = {len(runs)};\n")
array("UnicodePrefix", "unicode_prefixes", (f'{{{a}, {b}, "{p}", {only}}}' for a, b, p, only in prefixes), 1)
print(f"const uint32_t unicode_prefix_count = {len(prefixes)};\n")

size = 1
while size < len(names) * 2:
    size *= 2
table = [0] * size
for code, name in names.items():
    slot = fnv(name) & (size - 1)
    while table[slot]:
        slot = (slot + 1) & (size - 1)
    table[slot] = code + 1
print(f"const uint32_t unicode_name_hash_mask = {size - 1};\n")
array("uint32_t", "unicode_name_hash", table)

aliases = []
for line in (pathlib.Path(__file__).parent / "name_aliases.txt").read_text().splitlines():
    if line and not line.startswith("#"):
        name, codes = line.split(";")
        codes = [int(c, 16) for c in codes.split()]
        assert unicodedata.lookup(name) == "".join(map(chr, codes))
        aliases.append((name, codes))
aliases.sort()
array("UnicodeAlias", "unicode_aliases", (f'{{"{n}", {{{", ".join(map(str, c))}}}}}' for n, c in aliases), 1)
print(f"const uint32_t unicode_alias_count = {len(aliases)};")
