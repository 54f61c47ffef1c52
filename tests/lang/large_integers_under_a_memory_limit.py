"""Arithmetic that gets no memory raises MemoryError; the process lives on."""
import subprocess
import sys

CODE = """
import math, sys
sys.set_int_max_str_digits(0)
x = 1 << 800_000_000
for f in (lambda: x * x, lambda: x ** 3, lambda: (x * 3) // (x >> 400_000_000), lambda: x << 8 * 10**9,
          lambda: pow(x, 3, x + 1), lambda: math.gcd(x + 1, x * 3), lambda: math.isqrt(x)):
    try:
        f()
    except (MemoryError, OverflowError):
        pass
print("alive")
"""
if sys.implementation.name == "krait":
    ran = subprocess.run(["sh", "-c", 'ulimit -v 1400000; exec "$0" -c "$1"', sys.executable, CODE],
                         capture_output=True, text=True)
    print(ran.returncode, ran.stdout.strip(), ran.stderr)
else:  # it would take minutes
    print(0, "alive", "")
