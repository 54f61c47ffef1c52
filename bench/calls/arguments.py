"""Arguments of every kind: keywords, defaults, *args, **kwargs, unpacking at the call, forwarding wrappers."""


def box(width, height, depth=1, *, unit="cm", scale=1):
    return width * height * depth * scale + len(unit)


def total(*values, start=0):
    for value in values:
        start += value
    return start


def options(**settings):
    return settings.get("size", 0) + len(settings)


def everything(first, /, second, *rest, flag=False, **extra):
    return first + second + len(rest) + flag + len(extra)


def forward(function, *args, **kwargs):
    return function(*args, **kwargs)


def main():
    result = 0
    pair, triple = (3, 4), [1, 2, 3]
    settings = {"unit": "mm", "scale": 2}
    for i in range(120_000):
        result += box(i, 2)
        result += box(width=i, height=3, depth=2)
        result += box(i, 2, unit="m", scale=3)
        result += box(*pair, **settings)
        result += total(i, 1, 2, 3)
        result += total(*triple, start=i)
        result += options(size=i, color="red")
        result += everything(i, 2, 3, 4, flag=True, other=1)
        result += forward(box, i, 2, depth=3)
        result += forward(forward, total, i, *triple)
    print(result)


if __name__ == "__main__":
    main()
