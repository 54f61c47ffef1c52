"""gc.get_referrers() of a class finds its instances: programs that reload modules give them their new class so."""
import gc


class Meta(type):
    pass


class Old(metaclass=Meta):
    def __init__(self, n):
        self.n = n

    def which(self):
        return "old"


class Slotted:
    __slots__ = ("x",)


class New:
    def which(self):
        return "new"


objects = [Old(i) for i in range(5)]
for r in gc.get_referrers(Old):
    if type(r) is Old:
        r.__class__ = New
print([o.which() for o in objects], [o.n for o in objects])
slotted = Slotted()
slotted.x = "text of x"
print(gc.get_referents(slotted) == ["text of x", Slotted], Slotted in gc.get_referents(Slotted()))
print(any(r is Old for r in gc.get_referrers(Meta)), Meta in gc.get_referents(Old))
print(int in gc.get_referents([1]), list in gc.get_referents([]), gc.get_referents(1))
print([type(r).__name__ for r in gc.get_referrers(Slotted) if r is slotted])
