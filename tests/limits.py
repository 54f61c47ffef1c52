"""Run a program within a time and a memory limit; used by every test tool.

Memory is limited by watching the resident set, not by an address-space limit: Krait reserves a large
range of addresses that it does not use, and so do the sanitizers.
"""

import os
import select
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

PAGE = os.sysconf("SC_PAGE_SIZE")


# A shell starts background jobs with SIGINT ignored, and programs inherit that: here they get it as on a terminal.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Outcome:
    status: int  # exit status, or minus the signal's number
    out: bytes
    err: bytes
    seconds: float
    peak_mb: float
    stopped: str  # "", "time" or "memory": which limit ended the program

    def describe(self):
        if self.stopped:
            return f"stopped: {self.stopped} limit"
        if self.status < 0:
            return "died of " + signal.Signals(-self.status).name
        return f"exit status {self.status}"


def environment(extra=None):
    """The same small environment for every program under test."""
    env = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": os.environ.get("HOME", "/"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "80",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "ASAN_OPTIONS": "detect_leaks=0:detect_stack_use_after_return=0:allocator_may_return_null=1",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    }
    # What ThreadSanitizer reports, and where to: whoever runs the tests may say.
    if "TSAN_OPTIONS" in os.environ:
        env["TSAN_OPTIONS"] = os.environ["TSAN_OPTIONS"]
    env.update(extra or {})
    return env


def resident_mb(pid):
    """Megabytes resident, or 0 for a process that is gone."""
    try:
        with open(f"/proc/{pid}/statm") as f:
            return int(f.read().split()[1]) * PAGE / 1e6
    except (OSError, IndexError, ValueError):
        return 0


def run(argv, *, seconds=30, memory_mb=2000, cwd=None, env=None, stdin=b"", moving=None):
    """Run argv to its end or to a limit, with everything that it started. Returns an Outcome.

    moving, if given, is asked now and then whether the program still makes progress; False counts as a time limit.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as into:
        into.write(stdin)
        into.seek(0)
        started = time.monotonic()
        try:
            child = subprocess.Popen(argv, stdin=into, stdout=out, stderr=err, cwd=cwd,
                                     env=environment() if env is None else env, start_new_session=True)
        except OSError as e:
            return Outcome(127, b"", str(e).encode(), 0.0, 0.0, "")
        stopped, peak = "", 0.0
        ended = os.pidfd_open(child.pid)
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, resident_mb(child.pid))
            if not stopped and time.monotonic() - started > seconds:
                stopped = "time"
            elif not stopped and moving is not None and not moving():
                stopped = "time"
            elif not stopped and peak > memory_mb:
                stopped = "memory"
            if stopped:
                os.killpg(child.pid, signal.SIGKILL)
            select.select([ended], [], [], 0.1)
        elapsed = time.monotonic() - started
        os.close(ended)
        child.returncode = os.waitstatus_to_exitcode(status)
        try:
            os.killpg(child.pid, signal.SIGKILL)  # what it left behind
        except (ProcessLookupError, PermissionError):
            pass
        out.seek(0)
        err.seek(0)
        return Outcome(child.returncode, out.read(), err.read(), elapsed,
                       max(peak, usage.ru_maxrss / 1000), stopped)
