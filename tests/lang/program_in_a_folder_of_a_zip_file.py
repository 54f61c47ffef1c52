# A folder inside of a zip file is a program if it has a __main__.
import os
import subprocess
import sys
import tempfile
import zipfile

with tempfile.TemporaryDirectory() as folder:
    archive = os.path.join(folder, "tools.zip")
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("inner/__main__.py", "import sys, helper\nprint(sys.argv[1:], __name__, sys.path[0][-9:], helper.answer)")
        z.writestr("inner/helper.py", "answer = 42")
        z.writestr("empty/readme", "")
    for name in ("inner", "empty"):
        run = subprocess.run([sys.executable, os.path.join(archive, name), "x"], capture_output=True, text=True)
        print(run.returncode, run.stdout, run.stderr.strip().split(folder)[-1])
    run = subprocess.run([sys.executable, os.path.join(folder, "text", "inner")], capture_output=True, text=True)
    print(run.returncode, run.stderr.strip().rsplit(":", 1)[-1])
