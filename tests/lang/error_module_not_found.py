import os.path
import collections.abc
import jsn
