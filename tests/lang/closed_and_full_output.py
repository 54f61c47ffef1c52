import os
import subprocess
import sys
import tempfile


def shell(command):
    with tempfile.TemporaryDirectory() as d:
        p = subprocess.run(["bash", "-c", command], env={**os.environ, "PY": sys.executable, "D": d}, capture_output=True,
            text=True)
        print(p.returncode, repr(p.stdout[:60]), p.stderr.replace(sys.executable, "EXE").replace(d, "DIR").splitlines())


shell("$PY -c 'print(\"x\")' >&-")
shell("$PY -c 'print(\"x\" * 10)' > /dev/full")
shell("$PY -c 'import sys; sys.stdout.write(\"y\" * 100000); sys.stdout.flush()' > /dev/full")
shell("$PY -c 'import sys; sys.stdout.write(\"y\" * 100000); print(1)' | head -c 3")
shell("$PY -c 'import sys; print(sys.stdin)' <&-")
shell("$PY -c 'import sys; print(sys.stderr)' 2>&-")
shell("$PY -c 'raise ValueError(1)' 2>&-")
shell("$PY -c 'open(\"/dev/full\", \"w\").write(\"x\")' 2>&1 | tail -1")
shell("$PY -c 'f = open(\"/dev/full\", \"w\"); f.write(\"x\"); f.close()' 2>&1 | tail -1")
shell("echo 'print(input())' > $D/x.py; echo data | $PY $D/x.py")
shell("cd / && $PY nonexistent_script.py")
shell("cd / && $PY /etc")
shell("cd $D && $PY .")
shell("$PY - <<< 'print(__name__, __file__ if \"__file__\" in globals() else None)'")
shell("echo 'print(5' | $PY")
shell("printf 'x = 1\\nprint(x)\\n1/0\\n' | $PY")
