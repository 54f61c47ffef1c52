"""On a terminal that only prints, the prompt is the plain one."""
import os
import pty
import subprocess
import sys

master, slave = pty.openpty()
environment = {**os.environ, "TERM": "dumb"}
environment.pop("PYTHON_BASIC_REPL", None)
process = subprocess.Popen([sys.executable, "-q"], stdin=slave, stdout=slave, stderr=slave, env=environment)
os.close(slave)
os.write(master, b"print(6 * 7)\nundefined\nexit(3)\n")
output = b""
while True:
    try:
        data = os.read(master, 4096)
    except OSError:  # the other side is closed
        break
    if not data:
        break
    output += data
print(b"\n42\r\n" in output, b"NameError: name 'undefined' is not defined" in output, b"can't use pyrepl" in output)
print(process.wait())
