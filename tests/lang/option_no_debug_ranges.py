# options: -X no_debug_ranges
def f(x):
    return x + 1 / 0 + x


print(set(p[2:] for p in f.__code__.co_positions()))
f(1)
