"""Where a new thread finds no room in the address space, starting it fails: whoever starts it does not wait for ever."""
import mmap
import resource
import threading

unlimited = resource.getrlimit(resource.RLIMIT_AS)


def size():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmSize")) * 1024


def start_some(room):
    taken = mmap.mmap(-1, room << 20)
    stop, threads, said = threading.Event(), [], None
    resource.setrlimit(resource.RLIMIT_AS, (size() + (600 << 20) - (room << 20), unlimited[1]))
    try:
        for _ in range(500):
            thread = threading.Thread(target=stop.wait)
            thread.start()
            threads.append(thread)
    except RuntimeError as error:
        said = str(error)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, unlimited)
        stop.set()
        for thread in threads:
            thread.join()
        taken.close()
    return said


for room in range(1, 400, 25):
    print(room, start_some(room))
