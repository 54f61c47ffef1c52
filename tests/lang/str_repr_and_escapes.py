for t in ("plain", "it's", 'say "hi"', "both ' and \"", "tab\t newline\n cr\r nul\0 bell\a", "back\\slash",
    "é ß 漢 😀", "\x7f\x80\xa0\xad", "\u200b\u2028\ud800\U0010ffff", "\N{GREEK SMALL LETTER ALPHA}"):
    print(repr(t), ascii(t), len(t))
print(r"\n raw \d", b"by\x00\xff'\"", rb"\x", "\101\x41\u0041\U00000041", "line\
continued", '''triple
"quoted" 'text\'''')
print(repr("\u0378"), repr("\ue000"), "\u0301".isprintable(), "a\u0301" == "á")
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(repr(eval(r"'\d\8'")))
    print([str(w.message) for w in caught])
