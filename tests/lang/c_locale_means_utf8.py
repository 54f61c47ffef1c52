# What the locale and the environment say about encodings, for this process and its children.
import os
import subprocess
import sys

SHOW = """import locale, os, sys
print(sys.flags.utf8_mode, sys.stdin.encoding, sys.stdin.errors, sys.stdout.errors, sys.stderr.errors, open(os.devnull).encoding,
      sys.getfilesystemencoding(), locale.getpreferredencoding(), locale.setlocale(locale.LC_CTYPE), os.environ.get("LC_CTYPE"),
      ascii(sys.argv[1]))"""

for settings in ({}, {"LC_ALL": "C"}, {"LANG": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C.UTF-8"}, {"PYTHONUTF8": "0"}, {"PYTHONUTF8": "xxx"},
                 {"PYTHONCOERCECLOCALE": "warn"}, {"PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "warn"},
                 {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}, {"LC_ALL": "C", "PYTHONIOENCODING": "latin1"},
                 {"LC_ALL": "C", "PYTHONIOENCODING": ":replace"}, {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii:replace"}):
    ran = subprocess.run([sys.executable, "-c", SHOW, "h\u00e9\u20ac"], capture_output=True, env=settings, text=True, encoding="utf-8")
    print(settings, ran.returncode)
    print(ran.stdout + ran.stderr, end="")
for option in ("utf8", "utf8=1", "utf8=0", "utf8=no"):
    ran = subprocess.run([sys.executable, "-X", option, "-c", SHOW, "h\u00e9\u20ac"], capture_output=True, env={"LC_ALL": "C.UTF-8"}, text=True)
    print(option, ran.returncode, ran.stdout + ran.stderr)
