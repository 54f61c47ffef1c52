import code
import codeop
import subprocess
import sys

p = subprocess.run([sys.executable, "-i", "-q"], input="x = 5\nx * 2\nfor i in range(2):\n    print(i)\n\n_\n1/0\ndef f():\n  return 'f'\n\nf()\nNone\n'a\n[1,\n2]\nimport sys; sys.ps1\nexit(3)\n",
                   capture_output=True, text=True)
print(p.returncode, p.stdout, p.stderr.splitlines())
for source in ("x = 1", "if x:", "if x:\n  y", "if x:\n  y\n", "x +", "(1,", "'''abc", "a b", "x = 1\ny = 2",
    "", "# c", "@deco", "def f():", "lambda", "for"):
    try:
        result = codeop.compile_command(source)
        print(repr(source), "incomplete" if result is None else "complete")
    except (SyntaxError, ValueError, OverflowError) as e:
        print(repr(source), type(e).__name__)


class Console(code.InteractiveConsole):
    def write(self, data): print("W:", data.rstrip().splitlines()[-1:])


c = Console({"start": 41})
print([c.push(line) for line in ("start + 1", "if True:", "    print('in block')", "", "undefined", "a b", "class K: pass", "", "K.__name__")])
out = []
sys.displayhook = lambda v: out.append(v)
exec(compile("1 + 1\n", "<s>", "single"))
exec(compile("None\n", "<s>", "single"))
sys.displayhook = sys.__displayhook__
print(out)
exec(compile("'shown'\n", "<s>", "single"))
import builtins
print(builtins._)
