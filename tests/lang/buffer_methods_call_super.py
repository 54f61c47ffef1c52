# __buffer__ written in Python that asks the built-in base for its own.
class Logged(bytearray):
    def __buffer__(self, flags):
        print("get", type(self).__name__, flags)
        return super().__buffer__(flags)

    def __release_buffer__(self, view):
        print("release")
        super().__release_buffer__(view)


class Twice(Logged):
    def __buffer__(self, flags):
        return super().__buffer__(flags)


data = Logged(b"abc")
with memoryview(data) as view:
    print(view.tobytes())
    try:
        data.append(1)
    except BufferError as error:
        print(error)
data.append(1)
print(bytes(data), bytes(Twice(b"q")))

for call in (lambda: sorted(), lambda: sorted(1, 2), lambda: enumerate(), lambda: enumerate([], 0, 1),
             lambda: list(enumerate(start=2, iterable=[1]))):
    try:
        print(call())
    except TypeError as error:
        print(error)
