"""None is an instance like others: its methods are bound, though descriptors take None for `no instance`."""
print(dir(None) == sorted(object.__dir__(None)))
print(getattr(None, "__dir__")() == None.__dir__(), None.__format__(""), None.__str__(), None.__eq__(None), None.__class__)
print(type(None).__eq__(None, 1), type(None).__str__(None), type(None).__bool__(None))
print(None.__reduce_ex__(2)[1:], None.__doc__)
for get in (lambda: object.__dir__.__get__(None), lambda: object.__dir__.__get__(None, None), lambda: str.join.__get__(None)):
    try:
        print(get())
    except TypeError as e:
        print(e)
print(object.__dir__.__get__(None, object), str.join.__get__(None, str))
