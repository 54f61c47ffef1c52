"""The tuple of *args is still there when **kwargs grows, whichever allocation a collection falls on."""


def both(*args, **kwargs):
    return args, kwargs


wrong = 0
for i in range(60_000):
    args, kwargs = both(i, (i,), a=i, b=2, c=3, d=4, e=5, f=6, g=7, h=8, i=9, j=10, k=11, l=12)
    other = (-1, (-1,))  # the size of args: takes its place if it was thought dead
    wrong += args != (i, (i,)) or len(kwargs) != 12 or kwargs["a"] != i
print(wrong)
