"""A signal that is sent to a process that was just started meets that program, not a copy of this one with its handlers."""
import os
import signal
from multiprocessing import util

caught = []
signal.signal(signal.SIGTERM, lambda number, frame: caught.append(number))
signal.signal(signal.SIGUSR1, lambda number, frame: caught.append(number))
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
reader, writer = os.pipe()
os.set_blocking(writer, False)
signal.set_wakeup_fd(writer)

ends = set()
for i in range(60):
    pid = util.spawnv_passfds(b"/bin/sleep", [b"sleep", b"5"], ())
    os.kill(pid, signal.SIGUSR2)
    os.kill(pid, (signal.SIGTERM, signal.SIGUSR1)[i & 1])
    ends.add(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
print(sorted(ends), caught)

signal.set_wakeup_fd(-1)
os.close(writer)
print(os.read(reader, 10))

# The mask of signals is handed on, and here it is as before.
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
pid = util.spawnv_passfds(b"/bin/sh", [b"sh", b"-c", b"kill -USR1 $$; exit 3"], ())
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
print(signal.pthread_sigmask(signal.SIG_BLOCK, []) == {signal.SIGUSR1})
