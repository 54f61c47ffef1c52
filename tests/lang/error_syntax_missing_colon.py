# The error is found before anything runs, so nothing is printed.
print("never")
def f(x)
    return x
