"""Threads that ended give back all the address space that they had: a page of each that stays is a mapping that the process runs out
of one day."""
import threading


def pages():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[0])


def run_threads(count):
    for _ in range(count):
        thread = threading.Thread(target=len, args=("",))
        thread.start()
        thread.join()


def growth():
    before = pages()
    run_threads(1000)
    return pages() - before


print(min(growth() for _ in range(4)) < 500)  # the C library keeps some stacks for later threads
