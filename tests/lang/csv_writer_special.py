# csv.writer marks special characters wherever they stand in a field, and leaves other fields as they are.
import csv
import io

ROWS = [["plain", "a,b", 'q"q', '"', ",", "", None, 1.5, "x\ny", "x\r", "\\", "a\\b\"c,d", "\u20ac,\u20ac", "\U0001f40d\"", " lead", "tail;|"]]


class Text(str):
    pass


for quoting in range(6):
    for options in ({}, {"doublequote": False, "escapechar": "\\"}, {"escapechar": "\\"}, {"delimiter": ";", "lineterminator": "|\n"},
                    {"quotechar": "'"}, {"delimiter": " ", "skipinitialspace": True}, {"lineterminator": ""}):
        out = io.StringIO()
        writer = csv.writer(out, quoting=quoting, **options)
        for row in ROWS + [[field] for field in ROWS[0]] + [[Text("a,b"), Text("plain")], []]:
            try:
                writer.writerow(row)
            except csv.Error as e:
                print(quoting, options, row[:1], e)
        print(ascii(out.getvalue()))
