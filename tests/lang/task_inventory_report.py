import csv
import io
import json
import operator
from itertools import groupby
from string import Template

DATA = """item,group,qty,price
bolt,hardware,120,0.25
nut,hardware,300,0.1
lamp,light,4,19.99
bulb,light,,2.5
rope,outdoor,12,x
tent,outdoor,1,120
"""

rows, problems = [], []
for number, row in enumerate(csv.DictReader(io.StringIO(DATA)), 2):
    try:
        rows.append({**row, "qty": int(row["qty"] or 0), "price": float(row["price"])})
    except ValueError as e:
        problems.append((number, row["item"], str(e)))
rows.sort(key=operator.itemgetter("group", "item"))
line = Template("$item has $qty at $price")
for group, items in groupby(rows, key=operator.itemgetter("group")):
    items = list(items)
    print(f"{group.upper():-^30}")
    for i in items:
        print(" ", line.substitute(i))
    print(f"{sum(i['qty'] * i['price'] for i in items):>30.2f}")
print(problems)
print(json.dumps({g: {i["item"]: i["qty"] for i in r} for g, r in groupby(rows, key=lambda i: i["group"])}, indent=1))
print(max(rows, key=lambda i: i["price"])["item"], operator.attrgetter("real", "imag")(3),
    operator.methodcaller("split", "-")("a-b"))
out = io.StringIO()
w = csv.DictWriter(out, ["item", "total"], quoting=csv.QUOTE_NONNUMERIC)
w.writeheader()
w.writerows({"item": i["item"], "total": round(i["qty"] * i["price"], 2)} for i in rows)
print(out.getvalue().replace("\r", ""))
