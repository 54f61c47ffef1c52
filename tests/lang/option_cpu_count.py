# options: -X cpu_count=17
import os
import sys

print(os.cpu_count(), os.process_cpu_count(), sys._xoptions)
