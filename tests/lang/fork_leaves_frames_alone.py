"""What the frames of other threads hold is not finalized in the child of a fork: they never end there."""
import gc
import os
import threading


class Noisy:
    def __del__(self):
        print("finalized in", "child" if os.getpid() != parent else "parent", flush=True)


def suspended():
    try:
        yield
    finally:
        print("finally in", "child" if os.getpid() != parent else "parent", flush=True)


def fork_and_collect():
    pid = os.fork()
    if pid == 0:
        for _ in range(3):
            gc.collect()
        print("child ends", flush=True)
        os._exit(0)
    os.waitpid(pid, 0)


def holder():
    noisy = Noisy()
    generator = suspended()
    next(generator)
    thread = threading.Thread(target=fork_and_collect)
    thread.start()
    thread.join()
    generator.close()


import warnings
warnings.simplefilter("ignore")
parent = os.getpid()
holder()
gc.collect()
