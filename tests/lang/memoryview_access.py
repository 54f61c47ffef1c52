data = bytearray(range(12))
m = memoryview(data)
print(m[0], m[-1], m[2:5].tolist(), len(m), m.nbytes, m.format, m.itemsize, m.shape, m.strides, m.readonly)
m[0] = 99; m[1:3] = b"\xaa\xbb"
print(data, bytes(m[::3]), m.hex(), m == data, m[1:3] == b"\xaa\xbb")
i = m.cast("I")
print(i.tolist(), i.format, i.shape, i.itemsize)
two = m.cast("B", (3, 4))
print(two.tolist(), two[1, 2], two.shape, two.ndim, two.contiguous)
try:
    data.append(1)
except BufferError as e:
    print(e)
try:
    m[0] = 300
except ValueError as e:
    print(e)
try:
    m[0:2] = b"abc"
except ValueError as e:
    print(e)
two.release(); i.release()
with memoryview(b"const") as c:
    print(c.readonly, c.tobytes(), c.obj, hash(c) == hash(b"const"))
    try:
        c[0] = 1
    except TypeError as e:
        print(e)
try:
    c[0]
except ValueError as e:
    print(e)
print(memoryview(b"ab") == memoryview(b"ab"), 97 in memoryview(b"ab"), list(reversed(memoryview(b"ab"))),
    m.toreadonly().readonly)
