"""A bytearray whose views are all dead may be resized, whatever refers to the dead memory."""


def take(buffer, count):
    data = bytes(memoryview(buffer)[:count])
    del buffer[:count]
    return data


def drop(buffer, count):
    data = memoryview(buffer)[:count].tobytes()
    buffer[:count] = b""
    return data


def grow(buffer):
    total = sum(memoryview(buffer)[1:3])
    buffer += b"xyz"
    buffer.append(1)
    buffer.extend(b"ab")
    return total


buffer = bytearray(range(200))
for i in range(20):
    print(take(buffer, 3), drop(buffer, 2), grow(buffer), len(buffer))
buffer.clear()
print(buffer)
kept = memoryview(buffer)
try:
    buffer.append(1)
except BufferError as error:
    print(error)
