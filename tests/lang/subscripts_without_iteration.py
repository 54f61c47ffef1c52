"""What has __getitem__ for something else than items in a row is not iterable."""
import re
import sqlite3
import typing

for o in (re.match("(a)", "a"), typing.Union[int, str]):
    try:
        print(iter(o))
    except TypeError as e:
        print(e)


class Row:
    def __getitem__(self, i): return [1, 2][i]


print(list(Row()), 2 in Row())


def report(f):
    try:
        print(f())
    except TypeError as e:
        print(e)


# The data of an SQLite BLOB has a length and subscripts, but nothing goes through it.
connection = sqlite3.connect(":memory:")
connection.execute("create table t (b blob)")
connection.execute("insert into t values (x'616263')")
blob = connection.blobopen("t", "b", 1)
report(lambda: (len(blob), blob[1], blob[-2:]))
report(lambda: list(blob))
report(lambda: 97 in blob)
report(lambda: next(reversed(re.match("a", "a"))))
report(lambda: list(reversed({}.items().mapping)))
report(lambda: list(reversed(Row())))
blob.close()
