"""The parts of _interpreters that are Python's own work: pickling, and telling about exceptions.

Runs in the isolate that sends, receives or failed; only bytes and text cross.
"""

import sys

# Modules made by running the file of another isolate's __main__, by file name.
_mains = {}


def dumps(obj):
    """Return the pickle of obj and the file name of this isolate's __main__, "" if it has none.

    Raises whatever pickle.dumps does.
    """
    import pickle
    file = getattr(sys.modules.get('__main__'), '__file__', None)
    return pickle.dumps(obj), file if isinstance(file, str) else ''


def loads(data, main_file):
    """Return the object that was pickled as data in an isolate whose __main__ came from main_file.

    What this isolate's __main__ lacks is looked for in a module made by running that file, under another name than
    "__main__". Raises whatever pickle.loads does.
    """
    import pickle
    try:
        return pickle.loads(data)
    except AttributeError as e:
        if not main_file or not str(e).startswith("module '__main__' has no attribute '"):
            raise
    main = sys.modules['__main__']
    sys.modules['__main__'] = _main_of(main_file)
    try:
        return pickle.loads(data)
    finally:
        sys.modules['__main__'] = main


def _main_of(file):
    if file not in _mains:
        import runpy
        import types
        module = types.ModuleType('<fake __main__>')
        module.__dict__.update(runpy.run_path(file, run_name='<fake __main__>'))
        _mains[file] = module
    return _mains[file]


def describe(exception):
    """Return name, qualname, module, message and full display of an exception; the last is None if it cannot be made."""
    kind = type(exception)
    message = str(exception)
    try:
        import traceback
        display = ''.join(traceback.TracebackException.from_exception(exception).format()).removesuffix('\n')
    except Exception:
        display = None
    return kind.__name__, kind.__qualname__, kind.__module__, message, display
