"""A large live heap: records of objects, dicts and strings that stay, updated while new ones come and old ones go."""


class Record:
    def __init__(self, key, text):
        self.key = key
        self.text = text
        self.links = []
        self.data = {"hits": 0, "key": key}


def main():
    table = {}
    for n in range(15_000):
        table[n] = Record(n, f"record number {n}")
    for n in range(15_000):
        table[n].links.append(table[n * 7919 % 15_000])
    hits = 0
    for n in range(115_000):
        record = table[n * 104_729 % 15_000]
        record.data["hits"] += 1
        hits += len(record.links[0].text)
    print(hits)
    oldest = 0
    for n in range(15_000, 30_000):
        table[n] = Record(n, f"record number {n}")
        table[n].links.append(table[n - 5])
        del table[oldest]
        oldest += 1
    print(len(table), sum(r.data["hits"] for r in table.values()), sum(len(r.links) for r in table.values()))


if __name__ == "__main__":
    main()
