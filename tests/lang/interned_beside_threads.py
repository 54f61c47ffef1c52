"""What sys.intern() returns is interned, also if another thread is interning the same text at that moment."""
import sys
import threading


def intern_all(texts, results, start):
    start.wait()
    for text in texts:
        interned = sys.intern(text)
        results.append((interned, sys._is_interned(interned)))


for round_number in range(60):
    texts = [f"interned_{round_number}_{i}" for i in range(200)]
    equal_ones = [f"interned_{round_number}_{i}" for i in range(200)]
    start, results = threading.Barrier(3), ([], [], [])
    threads = [threading.Thread(target=intern_all, args=(given, result, start))
               for given, result in zip((texts, texts, equal_ones), results)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for rows in zip(*results):
        assert all(is_interned for _, is_interned in rows), rows
        assert rows[0][0] is rows[1][0] is rows[2][0], rows
print("each text interned once")
