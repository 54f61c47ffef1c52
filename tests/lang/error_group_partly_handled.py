def work():
    raise ExceptionGroup("many", [
        ValueError("bad value"),
        ExceptionGroup("inner", [TypeError("bad type"), ValueError("nested value")]),
        OSError(2, "No such file or directory", "somewhere"),
    ])


try:
    work()
except* ValueError as handled:
    print("handled", handled.exceptions)
except* OSError as handled:
    raise RuntimeError("while handling") from handled
