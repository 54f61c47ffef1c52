"""The group in which except* wraps a naked exception has a traceback that begins at the except* clause."""
import traceback


def bare():
    try:
        raise Exception(42)
    except* Exception as e:
        raise


def named():
    try:
        raise OSError("a")
    except* (ValueError, OSError) as e:
        raise e


def caught():
    try:
        raise KeyError(1)
    except* KeyError as e:
        kept = e
    return kept


for f in bare, named:
    try:
        f()
    except* Exception as group:
        traceback.print_exception(group)
e = caught()
traceback.print_exception(e)
print([t.lineno for t in traceback.extract_tb(e.__traceback__)], len(traceback.extract_tb(e.exceptions[0].__traceback__)))
