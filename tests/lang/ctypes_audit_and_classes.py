"""Audit events of foreign calls and of readline's files; classes initialized twice; complex numbers in the other byte order; fields
of more bits than an int has."""
import ctypes
import os
import ssl
import struct
import sys
import tempfile

import readline

seen = []
sys.addaudithook(lambda event, arguments: seen.append((event, arguments)) if event in wanted else None)
wanted = {"ctypes.call_function"}
ctypes.CFUNCTYPE(ctypes.c_void_p)(ctypes._memset_addr)(0, 0, 0)
print(seen == [("ctypes.call_function", (ctypes._memset_addr, (0, 0, 0)))])
seen.clear()
ctypes.pythonapi.PyLong_FromLong(5)
ctypes.cast(0, ctypes.c_void_p)
print([arguments[1] for event, arguments in seen])

wanted = {"open"}
directory = tempfile.mkdtemp()
missing, path = os.path.join(directory, "missing"), os.path.join(directory, "history")
os.environ["INPUTRC"] = os.path.join(directory, "inputrc")
open(os.environ["INPUTRC"], "w").close()
for f, *arguments in ((ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_dh_params, missing), (readline.read_init_file,),
                      (readline.read_history_file, missing), (readline.append_history_file, 0, missing),
                      (readline.append_history_file, -1, missing), (readline.write_history_file, path)):
    seen.clear()
    try:
        print(f(*arguments))
    except Exception as e:
        print(type(e).__name__, getattr(e, "errno", e))
    print("  ", *((str(a[0]).replace(directory, ""), a[1]) for event, a in seen[:1]))
wanted = set()
readline.add_history("one")
readline.add_history("two")
readline.append_history_file(1, path)
with open(path) as file:
    print(file.read().splitlines())


class S(ctypes.Structure):
    _fields_ = [("x", ctypes.c_char)]


for c in S, ctypes.c_int * 2, ctypes.POINTER(ctypes.c_int), ctypes.c_int, ctypes.CFUNCTYPE(None):
    try:
        type(c).__init__(c, "again", (), {})
    except Exception as e:
        print(type(e).__name__, e)
meta = type(ctypes.c_int)
new = meta.__new__(meta, "new", (), {"_type_": "i"})
try:
    meta.__init__(new)
except TypeError as e:
    print(e)
print(meta.__init__(new, "", (), {"_type_": "i"}), new.__ctype_be__.__dict__.get("_type_"))

for c, code in (ctypes.c_double_complex, "D"), (ctypes.c_float_complex, "F"):
    for order, swapped in ("<", c.__ctype_le__), (">", c.__ctype_be__):
        value = swapped(1.5 + 2j)
        print(bytes(value) == struct.pack(order + code, 1.5 + 2j), value.value)


class Large(ctypes.Structure):
    _fields_ = [("large", ctypes.c_char * sys.maxsize)]


print(Large.large.bit_size, Large.large.byte_size)
