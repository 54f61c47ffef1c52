def step(n):
    try:
        {}[n]
    except KeyError:
        error = LookupError("no such step")
        error.add_note("step was: %d" % n)
        error.add_note("two\nlines")
        raise error from None


step(7)
