"""What streams and code reported of memory outside the heap goes with them: it does not put off full collections."""
# bound: 80 MB
import collections
import io

import peak

for i in range(30000):
    io.TextIOWrapper(io.BytesIO()).write("text")
for i in range(3000):
    compile(f"x = {i}\n" * 20, "text", "exec")
recent = collections.deque(maxlen=20000)
for i in range(3_000_000):
    recent.append([i])

peak.report()
