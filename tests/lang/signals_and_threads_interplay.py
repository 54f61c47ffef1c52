import os
import signal
import subprocess
import sys
import threading
import time

log = []
signal.signal(signal.SIGUSR1, lambda n,
    f: log.append((threading.current_thread() is threading.main_thread(), n)))


def sender():
    for _ in range(5):
        os.kill(os.getpid(), signal.SIGUSR1)
        time.sleep(0.01)


t = threading.Thread(target=sender)
t.start()
t.join()
time.sleep(0.01)
print(len(log) >= 1, set(log) == {(True, signal.SIGUSR1)})
try:
    t2 = threading.Thread(target=lambda: signal.signal(signal.SIGUSR1, signal.SIG_DFL))
    caught = []
    threading.excepthook = lambda a: caught.append(str(a.exc_value))
    t2.start()
    t2.join()
finally:
    print(caught)
r, w = os.pipe()
os.set_blocking(w, False)
old = signal.set_wakeup_fd(w)
signal.raise_signal(signal.SIGUSR1)
print(os.read(r, 10), old, signal.set_wakeup_fd(-1) == w)
p = subprocess.Popen(
    [sys.executable, "-c", "import time\ntry:\n    print('ready', flush=True)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print('interrupted')\n"],
    stdout=subprocess.PIPE, text=True)
print(p.stdout.readline().strip())
p.send_signal(signal.SIGINT)
print(p.stdout.read().strip(), p.wait())
p = subprocess.Popen([sys.executable, "-c", "print('spin', flush=True)\nwhile True: pass"],
    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
print(p.stdout.readline().strip())
p.send_signal(signal.SIGINT)
print(p.stderr.read().splitlines()[-1], p.wait())
lock = threading.Lock()
lock.acquire()


def alarm(n, f): raise TimeoutError("while waiting for a lock")


signal.signal(signal.SIGALRM, alarm)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    lock.acquire()
except TimeoutError as e:
    print(e)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    sum(i for i in range(10**12))
except TimeoutError as e:
    print("during a generator")
print(signal.sigwait([signal.SIGUSR2]) if signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]) is not None and os.kill(os.getpid(), signal.SIGUSR2) is None else "")
