"""One character at a time: ciphers, palindromes, run lengths, edit distance, classification, a roman numeral parser."""


def caesar(text, shift):
    out = []
    for c in text:
        if "a" <= c <= "z":
            out.append(chr((ord(c) - 97 + shift) % 26 + 97))
        elif c.isupper():
            out.append(chr((ord(c) - 65 + shift) % 26 + 65))
        else:
            out.append(c)
    return "".join(out)


def palindromes(text):
    found = 0
    for centre in range(len(text)):
        for low, high in ((centre, centre), (centre, centre + 1)):
            while low >= 0 and high < len(text) and text[low] == text[high]:
                found += 1
                low -= 1
                high += 1
    return found


def run_lengths(text):
    out, last, count = "", "", 0
    for c in text:
        if c == last:
            count += 1
        else:
            if last:
                out += f"{count}{last}"
            last, count = c, 1
    return out + f"{count}{last}"


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def roman(text):
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    for c, after in zip(text, text[1:] + " "):
        total += -values[c] if values.get(after, 0) > values[c] else values[c]
    return total


def main():
    text = "Never odd or even, Was it a rat I saw? Madam in Eden, I'm Adam. " * 60
    secret = caesar(text, 3)
    print(secret[:30], caesar(secret, -3) == text)
    for shift in range(1, 25):
        secret = caesar(secret, shift)
    print(secret[:30])
    letters = "".join(c for c in text.lower() if c.isalpha())
    print(palindromes(letters), len(run_lengths("aaabccd" * 20_000)))
    print(distance("kitten sitting on the mitten" * 12, "sitting kitten in the mitten" * 12))
    print(sum(roman(r) for r in ("MCMXCIV", "XLII", "DCCCXC", "MMXXVI") * 4000))
    kinds = [0, 0, 0, 0]
    for c in text * 60:
        kinds[0] += c.isalpha()
        kinds[1] += c.isspace()
        kinds[2] += c in "aeiouAEIOU"
        kinds[3] += c == "'"
    print(kinds, "".join(sorted(set(text))))


if __name__ == "__main__":
    main()
