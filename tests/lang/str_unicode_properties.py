import unicodedata
for c in "aÅß漢1½² \n_😀\u0301Ⅷǅ":
    print(f"U+{ord(c):04X}", unicodedata.category(c), unicodedata.name(c, "?"), c.isalpha(), c.isdecimal(),
        c.isdigit(), c.isnumeric(), c.isspace(), c.isupper(), c.islower(), c.istitle(), c.isidentifier(),
        c.isprintable())
    print(" ", repr(c.upper()), repr(c.lower()), repr(c.title()), repr(c.casefold()),
        unicodedata.numeric(c, None), unicodedata.bidirectional(c), unicodedata.combining(c),
        unicodedata.east_asian_width(c))
print("ΑΣ".lower(), "ΑΣΑ".lower(), "İ".lower().encode(), "ŉ".upper(), "ǆ".title(), "straße".upper(),
    "ﬃ".title())
for form in ("NFC", "NFD", "NFKC", "NFKD"):
    print(form, [hex(ord(c)) for c in unicodedata.normalize(form, "Åﬁ²각")])
print(unicodedata.lookup("SNOWMAN"), "\N{SNOWMAN}", unicodedata.decomposition("é"),
    unicodedata.unidata_version)
print("x".isidentifier(), "℘".isidentifier(), "1x".isidentifier(), "ªº".isidentifier())
