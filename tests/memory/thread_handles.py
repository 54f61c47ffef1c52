"""A handle of a thread that was not started here leaves nothing behind."""
# bound: 16 MB
import _thread

import peak

for _ in range(150_000):
    _thread._make_thread_handle(_thread.get_ident())

peak.report()
