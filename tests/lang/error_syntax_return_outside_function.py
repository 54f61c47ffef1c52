def f():
    return 1


class C:
    x = 2
    return x
