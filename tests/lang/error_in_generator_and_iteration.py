def countdown(n):
    while True:
        yield 10 // n
        n -= 1


def consume():
    return [value
            for value in countdown(2)]


consume()
