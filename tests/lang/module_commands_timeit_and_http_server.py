import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

p = subprocess.run([sys.executable, "-m", "timeit", "-n", "10", "-r", "2", "-s", "x = 1", "x + 1"], capture_output=True, text=True)
print(p.returncode, re.sub(r"[\d.]+ [nmu]?sec", "TIME", p.stdout).splitlines()[0])
p = subprocess.run([sys.executable, "-m", "timeit", "1 +"], capture_output=True, text=True)
print(p.returncode, p.stderr.strip().splitlines()[-1:])
with socket.create_server(("127.0.0.1", 0)) as s:
    port = s.getsockname()[1]
with tempfile.TemporaryDirectory() as d:
    with open(os.path.join(d, "hello.txt"), "w") as f:
        f.write("served content")
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", d]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        base = f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(base + "/hello.txt") as r:
            print(r.status, r.headers["Content-Type"], r.headers["Content-Length"], r.read())
        with urllib.request.urlopen(base + "/") as r:
            print("hello.txt" in r.read().decode())
        try:
            urllib.request.urlopen(base + "/nope")
        except urllib.error.HTTPError as e:
            print(e.code, e.reason)
            e.close()
    finally:
        server.terminate()
        out, err = server.communicate()
    print(re.sub(r"\[.*?\]", "[DATE]", err).replace(str(port), "PORT").splitlines()[:3])
