def check(cls):
    for name, value in vars(cls).items():
        if callable(value) and not value.__doc__:
            raise TypeError(f"{cls.__name__}.{name} has no docstring")
    return cls


@check
class Documented:
    def fine(self):
        "Yes."


@check
class Undocumented:
    def bare(self): pass
