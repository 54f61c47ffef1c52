"""A memoryview that lives to the end of the program gives its buffer back then."""
class B:
    def __buffer__(self, flags): return memoryview(b"abc")
    def __release_buffer__(self, view): print("released")
m = memoryview(B())
