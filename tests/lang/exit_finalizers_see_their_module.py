"""Objects that die with the program are finalized while their module's names are still there; threads cannot be started or
joined any more, and a daemon thread that still runs is not heard."""
import _thread
import sys
import threading
import time

local = threading.local()
local.word = "kept"


def spin():
    while True:
        helper()


def helper():
    return [local]


class AtEnd:
    def __init__(self, thread):
        self.me, self.thread = self, thread

    def __del__(self):
        print(local.word, helper() == [local], self.thread.is_alive(), sys.is_finalizing())
        for action in (lambda: _thread.start_new_thread(helper, ()), lambda: self.thread.join(1)):
            try:
                action()
            except PythonFinalizationError as e:
                print(e)
        sys.stdout.flush()


daemon = threading.Thread(target=spin, daemon=True)
daemon.start()
at_end = AtEnd(daemon)
del daemon
time.sleep(0.01)
