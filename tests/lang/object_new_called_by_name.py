"""object.__new__ and object.__init__ called by name, with the right arguments and the wrong ones."""
class N:
    def __new__(cls, x):
        self = object.__new__(cls); self.x = x; return self
print([N(i).x for i in range(4)], object.__new__(N).__class__)
try: object.__new__(N, 1)
except TypeError as e: print(e)
try: object().__init__(1)
except TypeError as e: print(e)
try: object.__new__()
except TypeError as e: print(e)
