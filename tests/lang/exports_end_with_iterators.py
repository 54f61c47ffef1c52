"""Iterators over a buffer hold it, and give it back at their end or when nobody has them any more."""
import gc
import re
import struct

for make in (lambda b: re.finditer(b"a", b), lambda b: struct.iter_unpack("B", b), lambda b: re.compile(b"(a)").scanner(b)):
    b = bytearray(b"xa")
    it = make(b)
    try:
        b.append(1)
        print("appended")
    except BufferError as e:
        print(type(e).__name__)
    if hasattr(it, "__next__"):
        list(it)
        b.append(2)
    del it
    gc.collect()
    b.append(3)
    print(len(b))
