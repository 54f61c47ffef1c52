# A thread that waited for another's import, which failed, imports for itself; and what other threads get is in sys.modules.
import importlib
import os
import sys
import tempfile
import threading
import time

with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    with open(os.path.join(folder, "fails_late.py"), "w") as f:
        f.write("import time\npartial = 1\ntime.sleep(0.05)\nraise RuntimeError('fails')\n")
    importlib.invalidate_caches()
    outcomes = []
    def work(delay):
        time.sleep(delay)
        try:
            module = __import__("fails_late")
            outcomes.append(sys.modules.get("fails_late") is module)
        except RuntimeError as e:
            outcomes.append(str(e))
    for _ in range(3):
        threads = [threading.Thread(target=work, args=(delay,)) for delay in (0, 0.02)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    print(outcomes)
