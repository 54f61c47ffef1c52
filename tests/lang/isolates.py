"""Interpreters of their own: what crosses into them and out of them, and how their errors are told."""
import _interpreters
from concurrent import interpreters


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as e:
        cause = f' from {type(e.__cause__).__name__}' if e.__cause__ else ''
        print(f'{type(e).__module__}.{type(e).__qualname__}: {e}{cause}')
    else:
        print(result)


def stateless(a, *, b=2):
    return a, b


def uses_a_global():
    return attempt


def returns_nothing():
    x = 1


def main():
    interp = interpreters.create()
    print(interp.whence, interp.is_running(), interp == interpreters.Interpreter(interp.id))

    print('-- values that cross as themselves')
    for value in (None, True, 7, -2**63, 1.5, 'text', 'h\xe9\u20ac\U0001f600', b'bytes', (1, (2, 'three'))):
        interp.prepare_main(value=value)
        attempt(interp.call, eval, 'value')
    print([interpreters.is_shareable(v) for v in (None, [], (1, []), 2**64, memoryview(b''), {}, ...)])
    attempt(interp.prepare_main, value=[])
    attempt(interp.prepare_main, value=2**64)
    attempt(interp.prepare_main, {})

    print('-- calls')
    attempt(interp.call, lambda: [1, {2: 3}])
    attempt(interp.call, sorted, [3, 1, 2], reverse=True)
    attempt(interp.call, lambda a, b: a + b, 1, b=2)
    attempt(interp.call, 5)
    def closure():
        return interp
    attempt(interp.call, closure)
    attempt(_interpreters.call, interp.id, closure, (1,))

    print('-- memory is shared through a memoryview')
    buffer = bytearray(b'hello')
    interp.prepare_main(view=memoryview(buffer))
    interp.exec('view[0] = ord("J"); n = (view.nbytes, view.format, view.readonly)')
    print(buffer, interp.call(eval, 'n'))
    buffer[1] = ord('E')
    attempt(interp.call, eval, 'bytes(view)')

    print('-- scripts')
    attempt(interp.exec, 'x = 1')
    attempt(interp.call, eval, 'x')
    attempt(interp.exec, returns_nothing)
    attempt(interp.exec, stateless)
    attempt(interp.exec, 'x =')
    attempt(interp.exec, 5)
    for script in ('raise ValueError("no")', 'class E(Exception): pass\nraise E', '1/0', 'import sys; sys.exit(3)'):
        try:
            interp.exec(script)
        except interpreters.ExecutionFailed as e:
            print(e)
            print(e.excinfo.type, repr(e.excinfo.msg), repr(e.excinfo.formatted))

    print('-- each has its own modules, types and limits')
    interp.exec('import sys, json; json.marker = 1; sys.setrecursionlimit(150)')
    import json
    import sys
    print(hasattr(json, 'marker'), sys.getrecursionlimit() > 150)
    print(interp.call(eval, 'json.marker'), [t for t in Exception.__subclasses__() if t.__name__ == 'E'])
    attempt(interp.exec, 'import os; os.fork()')
    for script in ('signal.signal(signal.SIGINT, signal.SIG_DFL)', 'threading.Thread(daemon=True)'):
        failure = _interpreters.exec(interp.id, f'import signal, threading; {script}')
        print(failure.formatted)
    interp.exec('import threading; t = threading.Thread(target=lambda: globals().update(y=2)); t.start(); t.join()')
    attempt(interp.call, eval, 'y')

    print('-- the end')
    interp.exec('import atexit; atexit.register(print, "exit function", flush=True)')
    interp.close()
    attempt(interp.close)
    attempt(interp.exec, 'x = 1')
    attempt(_interpreters.destroy, 0)
    attempt(_interpreters.new_config, 'isolated', gil='shared')
    attempt(_interpreters.new_config, 'legacy', unknown=1)
    for config in ('isolated', 'legacy'):
        id = _interpreters.create(config)
        print(_interpreters.get_config(id), _interpreters.whence(id))
        _interpreters.destroy(id)
    print(len(interpreters.list_all()))


main()
