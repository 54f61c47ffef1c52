"""What some of CPython's tests ask of its _testlimitedcapi: functions of the C API that ctypes.pythonapi has, too.

runner.py says which tests get this module.
"""

import ctypes

PyImport_AddModuleRef = ctypes.pythonapi.PyImport_AddModuleRef
PyImport_AddModuleRef.restype = ctypes.py_object
PyImport_AddModuleRef.argtypes = [ctypes.c_char_p]
