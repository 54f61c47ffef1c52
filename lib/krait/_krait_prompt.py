"""The plain prompt: reads statements from standard input, runs each in `__main__`.

Used with -i, and on terminals when PYTHON_BASIC_REPL is set; otherwise the library's _pyrepl is the prompt. The prompts go to
the terminal, or to stderr when standard input is none. Source of behaviour: CPython's "interactive mode" reference.
"""

import __main__
import codeop
import linecache
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


def run(compiler, source):
    """Compiles and runs; true when more input is needed."""
    try:
        code = compiler(source, "<stdin>", "single")
    except (SyntaxError, OverflowError, ValueError) as error:
        error.__traceback__ = None
        show_error()
        return False
    if code is None:
        return True
    linecache._register_code(code, source, "<stdin>")
    try:
        exec(code, __main__.__dict__)
    except SystemExit:
        raise
    except BaseException:
        show_error()
    sys.stdout.flush()
    return False


def main():
    """Runs the prompt until the end of input."""
    if not sys.flags.quiet and len(sys.argv) < 2 and sys.argv[:1] in ([""], []):
        banner = 'Type "help", "copyright", "credits" or "license" for more information.'
        sys.stderr.write(f"Python {sys.version} on {sys.platform}\n{banner}\n")
    sys.ps1 = getattr(sys, "ps1", ">>> ")
    sys.ps2 = getattr(sys, "ps2", "... ")
    hook = getattr(sys, "__interactivehook__", None)
    if hook is not None:
        hook()
    compiler = codeop.CommandCompiler()
    lines = []
    while True:
        try:
            line = read_line(str(sys.ps2 if lines else sys.ps1))
        except KeyboardInterrupt:
            sys.stderr.write("\nKeyboardInterrupt\n")
            lines = []
            continue
        if not line:
            if lines and run(compiler, "".join(lines) + "\n"):
                run(compile, "".join(lines))
            sys.stderr.write("\n")
            return
        lines.append(line)
        if not run(compiler, "".join(lines).removesuffix("\n")):
            lines = []


