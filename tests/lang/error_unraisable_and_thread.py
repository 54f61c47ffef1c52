import sys
import threading


def hook(args):
    print("thread failed:", args.exc_type.__name__, args.exc_value, args.thread.name)


threading.excepthook = hook
t = threading.Thread(target=lambda: [][1], name="worker")
t.start()
t.join()
sys.excepthook = lambda kind, value, trace: print("hook:", kind.__name__, value, trace.tb_lineno)
raise LookupError("to the hook")
