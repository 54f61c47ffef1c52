"""A signal that a function sends to its own process is handled before the function returns."""
import _thread
import os
import signal
import sys
import threading
import warnings


class Caught(Exception):
    pass


def handler(number, frame):
    raise Caught(number)


signal.signal(signal.SIGUSR1, handler)
pidfd = os.pidfd_open(os.getpid())
for send in (lambda: _thread.interrupt_main(signal.SIGUSR1), lambda: os.kill(os.getpid(), signal.SIGUSR1),
             lambda: signal.raise_signal(signal.SIGUSR1),
             lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR1),
             lambda: signal.pidfd_send_signal(pidfd, signal.SIGUSR1)):
    try:
        send()
    except Caught as e:
        print("caught", e)
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
_thread.interrupt_main(signal.SIGUSR1)

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    threading.RLock(1, a=2)
    print([str(w.message) for w in caught])


class AtEnd:
    def __del__(self):
        _thread.interrupt_main(signal.SIGINT)


sys.unraisablehook = lambda a: print(a.err_msg, repr(a.exc_value), flush=True)
at_end = AtEnd()
