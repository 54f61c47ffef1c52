"""CSV: a table written, sniffed, read back as lists and dicts, grouped, joined with another and summed up."""
import csv
import io

REGIONS = ["north", "south, inner", 'the "east"', "west\nside"]


def write(rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["order", "region", "amount", "price", "note"])
    writer.writerows(rows)
    return out.getvalue()


def main():
    text = write([n, REGIONS[n % 4], n % 17, f"{n % 900 / 7:.2f}", "" if n % 5 else f"see {n}"] for n in range(30_000))
    print(len(text))
    totals = {}
    for row in csv.DictReader(io.StringIO(text)):
        region = row["region"]
        count, value = totals.get(region, (0, 0.0))
        totals[region] = count + int(row["amount"]), value + int(row["amount"]) * float(row["price"])
    for region, (count, value) in sorted(totals.items()):
        print(repr(region), count, f"{value:.2f}")
    managers = dict(csv.reader(io.StringIO("north,Ann\n\"south, inner\",Bob\n\"the \"\"east\"\"\",Cy\n\"west\nside\",Di\n")))
    reader = csv.reader(io.StringIO(text))
    header = next(reader)
    joined = [row + [managers[row[1]]] for row in reader if row[4]]
    print(header, len(joined), joined[-1])
    out = io.StringIO()
    dialect = csv.DictWriter(out, header + ["manager"], delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    dialect.writeheader()
    for row in joined:
        dialect.writerow(dict(zip(header + ["manager"], row)))
    print(len(out.getvalue()), out.getvalue().splitlines()[1])
    print(csv.Sniffer().sniff("a;b;c\n1;2;3\n4;5;6\n").delimiter,
          sum(len(row) for row in csv.reader((f"{n}\t'x'\t{n}" for n in range(30_000)), delimiter="\t", quotechar="'")))


if __name__ == "__main__":
    main()
