import atexit
import sys


@atexit.register
def goodbye():
    print("goodbye")


def stop():
    try:
        sys.exit("stopped: no input")
    finally:
        print("cleaning up")


stop()
