"""Tools look in the text of dis.dis for operations on globals, whose name stands in parentheses at the end."""
import contextlib
import dis
import io


def function(x):
    global stored, deleted
    stored = len([x]) + first
    del deleted
    return [second(i) for i in range(third)]


out = io.StringIO()
with contextlib.redirect_stdout(out):
    dis.dis(function)
names = set()
for line in out.getvalue().splitlines():
    if "_GLOBAL" in line:
        names.add(line.split("(")[-1].split(")")[0].replace("NULL + ", "").replace(" + NULL", ""))
print(sorted(names))
