"""threading.settrace_all_threads and setprofile_all_threads reach threads that run already."""
import sys
import threading

seen = {"trace": set(), "profile": set()}
ready, go, done = threading.Barrier(3), threading.Event(), threading.Event()


def traced():
    pass


def work():
    ready.wait()
    go.wait()
    traced()
    done.wait()


def trace(frame, event, arg):
    if frame.f_code is traced.__code__:
        seen["trace"].add((threading.current_thread().name, event))


def profile(frame, event, arg):
    if frame.f_code is traced.__code__:
        seen["profile"].add((threading.current_thread().name, event))


threads = [threading.Thread(target=work, name=f"worker {i}") for i in range(2)]
for t in threads:
    t.start()
ready.wait()
threading.settrace_all_threads(trace)
threading.setprofile_all_threads(profile)
print(threading.gettrace() is trace, threading.getprofile() is profile, sys.gettrace() is trace, sys.getprofile() is profile)
go.set()
traced()
done.set()
for t in threads:
    t.join()
threading.settrace_all_threads(None)
threading.setprofile_all_threads(None)
print(sys.gettrace(), sys.getprofile(), threading.gettrace(), threading.getprofile())
print(sorted(seen["trace"]), sorted(seen["profile"]), sep="\n")
