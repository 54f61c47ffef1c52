"""Set displays: order, unpacking, what cannot be in them."""
print({*(), *[1, 2], *{3: 4}, *"ab"} == {1, 2, 3, "a", "b"}, {1, 2, 3}, {8, 0, 16, 24, 1}, {"one", "two", "three"} == {"three", "two", "one"})
try: {*3}
except TypeError as t: print(t)
try: {1, 2, []}
except TypeError as t: print(t)
