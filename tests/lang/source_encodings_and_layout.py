import os
import subprocess
import sys
import tempfile

SOURCES = {
    "latin": "# -*- coding: latin-1 -*-\nprint(ascii('é'))\n".encode("latin-1"),
    "bom": b"\xef\xbb\xbfprint(ascii('\xc3\xa9'))\n",
    "cp1252": "#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\nprint(ascii('€'))\n".encode("cp1252"),
    "bad_utf8": b"x = '\xff'\n",
    "unknown": b"# coding: klingon\nx = 1\n",
    "bom_conflict": b"\xef\xbb\xbf# coding: latin-1\n",
    "crlf": b"if True:\r\n    print('crlf')\r\n",
    "cr": b"x = 1\rprint(x)\r",
    "tabs": b"if 1:\n\tif 1:\n\t\tprint('tabs')\n",
    "mixed": b"if 1:\n        x = 1\n\ty = 2\n",
    "formfeed": b"\x0cprint('ff')\n\x0c\nprint('end')",
    "null": b"x = 1\0\n",
    "null_before_bad_utf8": b"x = 1\0\n# \xfd\n",
    "empty": b"",
    "comments": b"\n\n# only comments\n    # indented\n",
    "no_newline": b"print('no newline at end')",
    "continuation": b"x = 1 + \\\n    2\nprint(x, \\\n  'y')\n",
    "bad_continuation": b"x = 1 + \\ \n 2\n",
    "eof_continuation": b"x = 1 + \\",
    "long": b"x = (" + b"1 + " * 2000 + b"1)\nprint(x)\n",
    "unicode_names": "ñ = 1; 变量 = 2; ªº = 3; ﬁ = 4\nprint(ñ + 变量, ao, fi)\n".encode(),
    "semicolons": b"a = 1;; b = 2\n",
    "many_indents": b"".join(b" " * i + b"if 1:\n" for i in range(99)) + b" " * 99 + b"print('deep')\n",
    "too_many_indents": b"".join(b" " * i + b"if 1:\n" for i in range(101)) + b" " * 101 + b"print('deep')\n",
}
with tempfile.TemporaryDirectory() as d:
    for name, data in SOURCES.items():
        path = os.path.join(d, name + ".py")
        with open(path, "wb") as f:
            f.write(data)
        p = subprocess.run([sys.executable, path], capture_output=True, text=True)
        print(name, p.returncode, repr(p.stdout), p.stderr.replace(d, "DIR").splitlines())
