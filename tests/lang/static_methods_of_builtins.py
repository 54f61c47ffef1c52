# Static methods of several built-in types, looked up in any order.
print(bytes.maketrans(b"abc", b"xyz")[97:100], bytearray.maketrans(b"abc", b"zyx")[97:100])
for kind in (bytes, bytearray, str):
    entry = kind.__dict__["maketrans"]
    print(kind.__name__, type(entry).__name__, type(entry.__func__).__name__)
print(str.maketrans("ab", "xy", "z"))

# Their attributes are asked for by those who walk over everything that there is.
import gc

for kind in (bytes, bytearray, str):
    entry = kind.__dict__["maketrans"]
    assert entry.__dict__ == {}
    gc.collect()
    kept = [[n] for n in range(2000)]
    print(kind.__name__, entry.__dict__, len(kept))
