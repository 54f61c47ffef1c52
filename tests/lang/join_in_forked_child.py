"""A child forked from a thread joins the thread that was the main one in its parent: it is done there."""
import os
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
main_thread = threading.current_thread()


def worker():
    child = os.fork()
    if child:
        print("status", os.waitpid(child, 0)[1])
        return
    joiner = threading.Thread(target=main_thread.join)
    joiner.start()
    joiner.join()
    print("joined", main_thread.is_alive(), flush=True)
    os._exit(0)


thread = threading.Thread(target=worker)
thread.start()
thread.join()
