"""Searching one long text: a DNA sequence with alternations, classes, repeats and counts, and words in natural text."""
import re

VARIANTS = ["agggtaaa|tttaccct", "[cgt]gggtaaa|tttaccc[acg]", "a[act]ggtaaa|tttacc[agt]t", "ag[act]gtaaa|tttac[agt]ct",
            "agg[act]taaa|ttta[agt]cct", "aggg[acg]aaa|ttt[cgt]ccct", "(?:ca){3,}", "g(?:[^g]{2,5})g{2}", "(.)\\1{4}"]


def sequence(length):
    state, out = 42, []
    for _ in range(length):
        state = (state * 3877 + 29573) % 139968
        out.append("acgt"[state * 4 // 139968])
    return "".join(out)


def main():
    dna = "\n".join(re.findall(".{1,60}", sequence(250_000)))
    clean = re.sub(">.*\n|\n", "", dna)
    print(len(dna), len(clean))
    for variant in VARIANTS:
        print(variant, len(re.findall(variant, clean)))
    codes = {"B": "(c|g|t)", "D": "(a|g|t)", "H": "(a|c|t)", "K": "(g|t)"}
    marked = re.sub("tgc", "B", re.sub("acg", "H", clean))
    print(len(re.sub("[BDHK]", lambda m: codes[m[0]], marked)))
    prose = ("Sherlock Holmes took his bottle from the corner of the mantel-piece and his hypodermic syringe from its neat "
             "morocco case. With his long, white, nervous fingers he adjusted the delicate needle; ") * 600
    for pattern in ("Sherlock", "(?i)holmes", r"\w+ing\b", r"[a-q][^u-z]{13}x|needle", r"\b\w{10,}\b", r"(?:his|the)\s+\w+e\b", "zq|qz|ette"):
        print(pattern, len(re.findall(pattern, prose)))


if __name__ == "__main__":
    main()
