# Functions inside marshalled code may be read when they are called: nobody can tell.
import io
import marshal
import os
import py_compile
import subprocess
import sys
import tempfile

SOURCE = '''
"""A module."""
def outer(a, b=2, *rest, c, **more):
    """Makes things."""
    def inner(x):
        "Adds."
        return x + a
    class Inside:
        """A class."""
        def where(self):
            return inner.__code__.co_filename
        def lazy(self):
            def deeper(): return (yield a)
            return deeper
    return inner, Inside, lambda: b

def plain(): return 1
def many(%s): return locals()
async def waits(x): return await x
def fails(x):
    try:
        return 1 / x
    except ZeroDivisionError as e:
        return e.__traceback__.tb_lineno
text = lambda: "\\u20ac \\ud800"
''' % ", ".join(f"p{i}={i}" for i in range(300))


def look(namespace, note):
    inner, Inside, last = namespace["outer"](10, c=3)
    print(note, inner(5), inner.__doc__, Inside.__doc__, last(), namespace["outer"].__doc__)
    print(Inside().where(), [*Inside().lazy()()], Inside().lazy.__qualname__ , Inside().lazy()().gi_code.co_qualname)
    print(namespace["plain"](), sum(namespace["many"]().values()), namespace["fails"](0), ascii(namespace["text"]()))
    code = namespace["outer"].__code__
    print(code.co_varnames, code.co_freevars, code.co_cellvars, code.co_firstlineno, hex(code.co_flags & 0xff), code.co_argcount)
    print([c.co_name for c in code.co_consts if hasattr(c, "co_name")], code.co_consts[0])
    print(max(line for _, _, line in namespace["fails"].__code__.co_lines() if line))


code = compile(SOURCE, "first.py", "exec")
data = marshal.dumps(code)
print(marshal.loads(data) == code, marshal.dumps(code) == data)

namespace = {}
exec(marshal.loads(data), namespace)
look(namespace, "bytes")

changing = bytearray(data)
namespace = {}
exec(marshal.loads(changing), namespace)
changing[:] = bytes(len(changing))
look(namespace, "bytearray")

view = bytearray(b"0123" + data + b"rest")
namespace = {}
exec(marshal.loads(memoryview(view)[4:]), namespace)
view[:] = b"x" * len(view)
look(namespace, "view of a bytearray")

namespace = {}
exec(marshal.loads(memoryview(b"0123" + data + b"rest")[4:]), namespace)
look(namespace, "view of bytes")

namespace = {}
exec(marshal.load(io.BytesIO(data)), namespace)
look(namespace, "file")

print(marshal.loads(marshal.dumps({"a": [({code, look.__code__},)]})) == {"a": [({code, look.__code__},)]})
again = marshal.loads(marshal.dumps(marshal.loads(data)))
print("twice", again == code)
namespace = {}
exec(again.replace(co_filename="second.py"), namespace)
look(namespace, "twice")

for version in range(6):
    try:
        print(version, marshal.loads(marshal.dumps(code, version)).co_names == code.co_names)
    except ValueError as e:
        print(version, type(e).__name__)
try:
    marshal.loads(data, allow_code=False)
except ValueError as e:
    print(e)
short = 0
for cut in range(0, len(data) - 1, 97):
    try:
        marshal.loads(data[:cut])
    except (EOFError, ValueError, TypeError):
        short += 1
print(short == len(range(0, len(data) - 1, 97)))

# A folder that was renamed after its files were compiled.
with tempfile.TemporaryDirectory() as folder:
    os.mkdir(os.path.join(folder, "before"))
    path = os.path.join(folder, "before", "moved.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SOURCE)
    py_compile.compile(path)
    os.rename(os.path.join(folder, "before"), os.path.join(folder, "after"))
    program = '''
import moved
inner, Inside, last = moved.outer(1, c=1)
files = {moved.__file__, moved.plain.__code__.co_filename, inner.__code__.co_filename, Inside().where(), Inside().lazy()().gi_code.co_filename}
print(inner(1), last(), len(files), "after" in files.pop())
'''
    done = subprocess.run([sys.executable, "-B", "-c", program], cwd=os.path.join(folder, "after"), capture_output=True, text=True)
    print(done.stdout, done.stderr[-300:])
