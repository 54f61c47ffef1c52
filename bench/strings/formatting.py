"""Formatting: f-strings with specs, str.format, percent, format(), repr, justification, a report with columns."""


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __format__(self, spec):
        text = f"{self.cents // 100}.{self.cents % 100:02d}"
        return format(text, spec)

    def __str__(self):
        return f"{self}"

    def __repr__(self):
        return f"Money({self.cents!r})"


def report(rows):
    lines = [f"{'name':<12}|{'count':>8}|{'share':>8}|{'price':^12}"]
    whole = sum(count for _, count, _ in rows)
    for name, count, price in rows:
        lines.append(f"{name:<12}|{count:>8,}|{count / whole:>8.2%}|{price:^12}")
    return "\n".join(lines)


def main():
    rows = [(f"product{n}", n * n, Money(n * 37)) for n in range(1, 10_000)]
    text = report(rows)
    print(len(text), text[400:448])
    total = 0
    for n in range(40_000):
        total += len(f"{n}:{n:x}:{n / 3:.3f}:{n!r:>8}")
        total += len("%d %s %5.1f %08x" % (n, "text", n / 7, n))
        total += len("{} {:>6} {name}".format(n, n, name="x"))
    print(total)
    print(sum(len(str(n / 9)) + len(repr(n * 1e10)) + len(str(n)) for n in range(60_000)))
    print(sum(len(format(n, ",")) + len(format(n, "b")) + len(format(n / 11, "e")) for n in range(30_000)))
    print(sum(len(str(n).zfill(8)) + len(str(n).rjust(10, ".")) + len(str(n).center(9)) for n in range(40_000)))
    print(len(repr(rows[:1500])), str([1.5, "it's", None, (True,), {"k": b"v"}]), repr("tab\t\"é\"\x00"))


if __name__ == "__main__":
    main()
