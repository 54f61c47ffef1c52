"""What has __getitem__ for something else than items in a row is not iterable."""
import re
import typing

for o in (re.match("(a)", "a"), typing.Union[int, str]):
    try:
        print(iter(o))
    except TypeError as e:
        print(e)


class Row:
    def __getitem__(self, i): return [1, 2][i]


print(list(Row()), 2 in Row())
