# options: -b
# What -b warns of, and what not.
import struct

print(str(b"a"), "%s" % b"x", f"{b'a'}", format(b"a", ""), "{}".format(bytearray(b"a")), str(bytearray(b"a")))
print(b"a" == 1, b"a" != "a", "a" == b"a", bytearray(b"a") == "a", b"a" == 1.0, memoryview(b"a") == "a")
print({b"key": 1}.get("key"), b"in" in ["in"], repr(b"a"), b"a" < b"b", str(b"decoded", "ascii"))
print(struct.calcsize("i"), struct.calcsize(b"i"), struct.calcsize("i"))
