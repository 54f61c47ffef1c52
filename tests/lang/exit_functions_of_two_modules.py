# Exit functions run whether or not atexit is still in sys.modules, and whichever of its module objects registered them.
import sys
import atexit as first
del sys.modules["atexit"]
import atexit as second
del sys.modules["atexit"]
print(first is second)
first.register(print, "registered first")
second.register(print, "registered second")
