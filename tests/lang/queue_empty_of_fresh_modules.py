# A second instance of _queue, imported anew: what get raises is its Empty, and still that of the first.
import sys
import _queue as first

del sys.modules["_queue"]
import _queue as second

for module in first, second:
    try:
        module.SimpleQueue().get_nowait()
    except module.Empty as e:
        print(type(e).__module__, type(e).__qualname__)
