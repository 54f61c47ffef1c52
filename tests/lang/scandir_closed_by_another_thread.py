"""A scandir iterator that is closed, or read by others, while a thread reads it."""
import os
import tempfile
import threading

with tempfile.TemporaryDirectory() as directory:
    for i in range(300):
        open(os.path.join(directory, str(i)), "w").close()
    for _ in range(30):
        entries = os.scandir(directory)

        def read():
            try:
                for entry in entries:
                    entry.name
            except RuntimeError:
                pass  # another thread is reading

        threads = [threading.Thread(target=read) for _ in range(2)] + [threading.Thread(target=entries.close)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        entries.close()
print("done")
