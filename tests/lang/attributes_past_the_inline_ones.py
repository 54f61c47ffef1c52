"""Attributes that an old object gets late live as long as it does."""
import gc


class C:
    pass


olds = [C() for _ in range(200)]
for o in olds:
    for i in range(20):
        setattr(o, f"a{i}", i)
gc.collect()
for o in olds:
    for i in range(20):
        setattr(o, f"a{i}", [i])
        setattr(o, f"b{i}", [i])
for _ in range(5):
    junk = [[[j]] for j in range(100000)]
print(all(getattr(o, f"{x}{i}") == [i] for o in olds for x in "ab" for i in range(20)))
