"""The plain prompt: reads statements from standard input, runs each in `__main__`.

Used with -i, and on terminals when PYTHON_BASIC_REPL is set; otherwise the library's _pyrepl is the prompt. The prompts go to
the terminal, or to stderr when standard input is none. Source of behaviour: CPython's "interactive mode" reference.
"""

import __main__
import ast
import codeop
import io
import linecache
import os
import sys


def read_line(prompt):
    """One line of input with its line break, "" at the end of input. Raises KeyboardInterrupt."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        try:
            return input(prompt) + "\n"
        except EOFError:
            return ""
    sys.stdout.flush()
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline()


def show_error():
    """Reports the exception being handled as the interpreter does, without this module's frames."""
    error = sys.exception()
    traceback = error.__traceback__
    while traceback and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    error.__traceback__ = traceback
    sys.last_exc, sys.last_type, sys.last_value, sys.last_traceback = error, type(error), error, traceback
    sys.excepthook(type(error), error, traceback)


def is_empty(source):
    """Whether there are only blank lines and comments."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in source.split("\n"))


class Session:
    """The compiler's flags, which remember __future__ imports, and the number of the next statement."""

    def __init__(self):
        self.compiler = codeop.Compile()
        self.statements = 0

    def parse(self, source, whole):
        self.compiler(source, "<stdin>", "single", ast.PyCF_ONLY_AST, incomplete_input=not whole)

    def needs_more(self, source):
        """Whether the statement goes on in the next line. SyntaxError if it cannot."""
        try:
            self.parse(source.removesuffix("\n"), False)
            return False
        except _IncompleteInputError:
            pass
        if not source.endswith("\n\n"):
            try:
                self.parse(source, False)
            except _IncompleteInputError:
                pass
            return True  # also of one line, as `if x: y`: an empty line ends it
        try:
            self.parse(source, True)
        except SyntaxError as error:
            if "was never closed" in error.msg or "unterminated triple-quoted" in error.msg:
                return True
            raise
        return False

    def run(self, source, at_end):
        """Compiles and runs; true when more input is needed. at_end: there is none."""
        if is_empty(source):
            return False
        try:
            if at_end:
                self.parse(source, True)
            elif self.needs_more(source):
                return True
            code = self.compiler(source, f"<stdin-{self.statements}>", "single", incomplete_input=False)
        except (SyntaxError, OverflowError, ValueError) as error:
            error.__traceback__ = None
            if isinstance(error, SyntaxError) and error.text is None and error.lineno:
                error.text = source.split("\n")[error.lineno - 1]
            show_error()
            return False
        self.statements += 1
        linecache._register_code(code, source, "<stdin>")
        try:
            exec(code, __main__.__dict__)
        except SystemExit:
            raise
        except BaseException:
            show_error()
        sys.stdout.flush()
        return False


def run_startup_file():
    path = os.environ.get("PYTHONSTARTUP")
    if not path or sys.flags.ignore_environment:
        return
    sys.audit("cpython.run_startup", path)
    try:
        with io.open_code(path) as file:
            source = file.read()
    except OSError as error:
        sys.stderr.write(f"Could not open PYTHONSTARTUP\n{type(error).__name__}: {error}\n")
        return
    try:
        exec(compile(source, path, "exec"), __main__.__dict__)
    except SystemExit:
        raise
    except BaseException:
        show_error()


def main():
    """Runs the prompt until the end of input."""
    alone = len(sys.argv) < 2 and sys.argv[:1] in ([""], [])
    if alone and not sys.flags.quiet:
        banner = 'Type "help", "copyright", "credits" or "license" for more information.'
        sys.stderr.write(f"Python {sys.version} on {sys.platform}\n{banner}\n")
    sys.ps1 = getattr(sys, "ps1", ">>> ")
    sys.ps2 = getattr(sys, "ps2", "... ")
    if alone:
        run_startup_file()
    hook = getattr(sys, "__interactivehook__", None)
    if hook is not None:
        hook()
    session = Session()
    lines = []
    while True:
        try:
            line = read_line(str(sys.ps2 if lines else sys.ps1))
        except KeyboardInterrupt:
            sys.stderr.write("\nKeyboardInterrupt\n")
            lines = []
            continue
        except OSError:
            line = ""
        if line.endswith("\n"):
            lines.append(line)
            if not session.run("".join(lines), False):
                lines = []
            continue
        if line:
            lines.append(line + "\n")
            sys.stderr.write(str(sys.ps2))
        sys.stderr.write("\n")
        if not lines:
            return
        session.run("".join(lines), True)
        lines = []
