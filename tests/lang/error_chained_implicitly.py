def load(settings, key):
    try:
        return settings[key]
    except KeyError:
        return int("not a number")


load({}, "size")
