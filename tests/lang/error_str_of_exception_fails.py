class Odd(Exception):
    def __str__(self):
        raise ValueError("no text")


class Multi(Exception):
    def __str__(self):
        return "first line\nsecond line"


try:
    raise Multi()
except Multi:
    raise Odd("argument")
