"""Many small matches: addresses, dates, colours, numbers, plates checked with fullmatch; bounded repeats; lookaheads."""
import re

RULES = {
    "email": re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE),
    "ip": re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"),
    "date": re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "color": re.compile(r"#(?:[0-9a-f]{3}){1,2}", re.I),
    "number": re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"),
    "password": re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[^\s]{8,30}"),
    "identifier": re.compile(r"[^\W\d]\w*"),
    "uuid": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}
SAMPLES = ["ann.smith@example.co.uk", "not an email", "192.168.1.254", "192.168.1.256", "2026-11-28", "2026-13-01", "#1aF", "#12345",
           "-12.5e10", "1.2.3", "Secret123", "secret123", "näme_1", "9lives", "123e4567-e89b-12d3-a456-426614174000", "", "a@b.c",
           "x" * 40 + "@" + "y" * 30 + ".org"]


def main():
    hits = {}
    for n in range(4500):
        for sample in SAMPLES:
            for name, rule in RULES.items():
                if rule.fullmatch(sample):
                    hits[name] = hits.get(name, 0) + 1
    print(sorted(hits.items()))
    cache = 0
    for n in range(50_000):
        cache += re.match(r"item(\d+)", f"item{n}") is not None
        cache += bool(re.search(r"7\d*$", str(n)))
    print(cache)


if __name__ == "__main__":
    main()
