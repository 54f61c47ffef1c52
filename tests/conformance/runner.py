"""Run one of CPython's test modules and append what happens, test by test, to a results file.

usage: runner.py RESULTS MODULE       (MODULE as in the table: test_int, test_asyncio.test_locks)

Each line is fields separated by tabs: `start ID`, then `ok ID`, `skip ID REASON`, `fail ID ERROR` (several are
possible with subtests), and at the very end `end`. A module that cannot be used at all says `module skip REASON`
or `module fail ERROR`. Lines are written at once, so that what came before a crash is known; tests that a results
file already names are not run again, so that a run can be continued after the test that crashed.
"""

import os
import pty
import signal
import sys
import termios
import threading
import unittest

# The modules that get some of `internals`, for what they ask of CPython's test modules in C; others do without, as they are made to.
INTERNALS = {
    "test_class": ["_testinternalcapi"],
    "test_free_threading.test_capi": ["_testlimitedcapi"],
    "test_free_threading.test_races": ["_testinternalcapi"],
    "test_free_threading.test_slots": ["_testcapi"],
    "test_interpreters": ["_testinternalcapi", "_testcapi"],
}


# The modules that ask for a terminal, and so are run in one of their own.
TERMINAL = {"test_curses"}


def enter_terminal():
    """Starts again in a child process on a terminal; this one hands on what is written there and ends as the child does."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        termios.tcsetwinsize(0, (24, 80))
        os.execv(sys.executable, [sys.executable, *sys.argv])
    while True:
        try:
            written = os.read(terminal, 65536)
        except OSError:
            break
        os.write(1, written)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)


def main(results_path, name):
    if name in TERMINAL and not os.isatty(1):
        enter_terminal()
    done = set()
    if os.path.exists(results_path):
        with open(results_path, encoding="utf-8", errors="surrogateescape") as f:
            done = {line.split("\t")[1].rstrip("\n") for line in f if line.startswith("start\t")}
    fd = os.open(results_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def say(*fields):
        text = "\t".join(f.replace("\t", " ").replace("\n", " ")[:300] for f in fields) + "\n"
        os.write(fd, text.encode("utf-8", "backslashreplace"))

    in_threads = []  # the exceptions that ended threads of the running test

    class Result(unittest.TextTestResult):
        """Reports each event, and prints each failure as it happens rather than at the end."""

        def startTest(self, test):
            super().startTest(test)
            in_threads.clear()
            say("start", identity(test))

        def addSuccess(self, test):
            super().addSuccess(test)
            for err in in_threads:
                say("fail", identity(test), "in a thread: " + describe(err))
            if not in_threads:
                say("ok", identity(test))

        def addSkip(self, test, reason):
            super().addSkip(test, reason)
            say("skip", identity(test), str(reason))

        def addError(self, test, err):
            super().addError(test, err)
            self.report(test, err, self.errors)

        def addFailure(self, test, err):
            super().addFailure(test, err)
            self.report(test, err, self.failures)

        def addSubTest(self, test, subtest, err):
            super().addSubTest(test, subtest, err)
            if err is not None:
                where = self.failures if issubclass(err[0], test.failureException) else self.errors
                self.report(test, err, where)

        def addExpectedFailure(self, test, err):
            super().addExpectedFailure(test, err)
            say("ok", identity(test))

        def addUnexpectedSuccess(self, test):
            super().addUnexpectedSuccess(test)
            say("fail", identity(test), "unexpected success")

        def report(self, test, err, where):
            say("fail", identity(test), describe(err))
            print("=" * 70, f"FAIL: {test}", where[-1][1], sep="\n", file=sys.stderr, flush=True)

    try:
        if sys.implementation.name == "krait":
            sys.path.append(os.path.join(os.path.dirname(__file__), "internals"))
            for internal in INTERNALS.get(name, ()):
                __import__(internal)
            sys.path.pop()
        from test import support
        support.use_resources = {"curses": None} if name in TERMINAL else {}
        # Krait has the paths and ABI flags of CPython's usual build, from which this follows, but no lock.
        support.Py_GIL_DISABLED = support.Py_GIL_DISABLED or (
            name.startswith("test_free_threading") and not sys._is_gil_enabled())
        if name.startswith("test_free_threading"):  # its threads make assertions, which nobody there looks at
            report_thread, threading.excepthook = threading.excepthook, lambda args: (
                in_threads.append((args.exc_type, args.exc_value, args.exc_traceback)), report_thread(args))
        support.verbose = 0
        support.record_original_stdout(sys.stdout)
        sys.stdout.reconfigure(errors="backslashreplace")
        loader = unittest.TestLoader()
        module = __import__("test." + name, fromlist=["*"])
        suite = loader.loadTestsFromModule(module)
        if loader.errors:
            print(*loader.errors, sep="\n", file=sys.stderr)
            say("module", "fail", loader.errors[0].strip().splitlines()[-1])
            return
    except unittest.SkipTest as e:
        say("module", "skip", str(e))
        return
    except BaseException as e:
        say("module", "fail", describe((type(e), e, e.__traceback__)))
        raise
    leave_out(suite, done)
    result = Result(unittest.runner._WritelnDecorator(open(os.devnull, "w")), descriptions=False, verbosity=0)
    suite.run(result)
    say("end")


def identity(test):
    """The test's name within its module."""
    # A test may have put something else at its instance's `id`.
    full = type(test).id(test)
    return full[5:].partition(".")[2] if full.startswith("test.") else full


def describe(err):
    """`Type: message (file:line)`, the place being the innermost one outside unittest."""
    kind, value, trace = err
    place = ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if "unittest" not in file:
            place = f" ({os.path.basename(file)}:{trace.tb_lineno})"
        trace = trace.tb_next
    try:
        message = str(value).strip().partition("\n")[0]
    except Exception as e:
        message = f"<str() failed: {type(e).__name__}>"
    return f"{kind.__name__}: {message[:200]}{place}"


def leave_out(suite, done):
    kept = []
    for test in suite._tests:
        if isinstance(test, unittest.TestSuite):
            leave_out(test, done)
            kept.append(test)
        elif identity(test) not in done:
            kept.append(test)
    suite._tests = kept


if __name__ == "__main__":
    main(*sys.argv[1:])
