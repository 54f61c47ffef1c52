"""Text beyond ASCII: UTF-8 and UTF-16 both ways, normalization, case folding, categories, wide characters, errors."""
import unicodedata

SAMPLES = ["Grüße aus Köln", "Ελληνική γλώσσα", "русский язык", "日本語のテキスト", "naïve café", "emoji 😀 🐍 ok",
           "Straße", "ﬁne ligature", "İstanbul", "עברית", "한국어 문장"]


def main():
    text = " | ".join(SAMPLES * 550)
    total = 0
    for encoding in ("utf-8", "utf-16-le", "utf-32"):
        for _ in range(25):
            data = text.encode(encoding)
            total += len(data) + (data.decode(encoding) == text)
    print(len(text), total)
    print(len(text.encode("ascii", "replace")), len(text.encode("latin-1", "xmlcharrefreplace")),
          len(text.encode("ascii", "backslashreplace")), len(b"ab\xff\xfec\xe2\x82".decode("utf-8", "replace")))
    print([len(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")])
    print(len(text.casefold()), len(text.upper()), len(text.lower()), text.title()[:30])
    categories = {}
    for c in text * 6:
        kind = unicodedata.category(c)
        categories[kind] = categories.get(kind, 0) + 1
    print(sorted(categories.items()))
    words = text.split()
    print(sum(word.isalpha() for word in words * 8), sum(ord(c) for word in words * 4 for c in word))
    print(text.find("🐍"), text.count("язык"), text.replace("語", "GO").count("GO"), "😀" in text, text[::-1][:12])
    print(sum(len(unicodedata.name(c, "")) for c in set(text)), sorted(set(SAMPLES), key=str.casefold)[:3])
    print("".join(c for c in unicodedata.normalize("NFD", SAMPLES[4]) if not unicodedata.combining(c)))


if __name__ == "__main__":
    main()
