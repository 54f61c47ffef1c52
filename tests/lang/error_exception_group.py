def checks():
    errors = []
    for value in ("x", None, -1):
        try:
            if int(value) < 0:
                raise OverflowError("negative: %d" % int(value))
        except Exception as e:
            errors.append(e)
    raise ExceptionGroup("checks failed", errors)


def run():
    try:
        checks()
    except ExceptionGroup as group:
        raise ExceptionGroup("outer", [group, KeyError("alone")])


run()
