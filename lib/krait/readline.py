"""Line editing for input() on a terminal: the functions of CPython's readline module, on the library's own line editor.

The editor is `_pyrepl`, which the interactive prompt uses too; it is imported when the first line is read. Its key bindings are
those of GNU readline's Emacs mode; bindings in `parse_and_bind` and initialization files are read, but only those that it has
commands for take effect. The history and what completes are this module's own.

Threads: one thread at a time reads a line; the history is a list, whose operations are atomic.
"""

import builtins
import os
import sys

__all__ = ["add_history", "append_history_file", "backend", "clear_history", "get_begidx", "get_completer", "get_completer_delims",
           "get_completion_type", "get_current_history_length", "get_endidx", "get_history_item", "get_history_length",
           "get_line_buffer", "insert_text", "parse_and_bind", "read_history_file", "read_init_file", "redisplay",
           "remove_history_item", "replace_history_item", "set_auto_history", "set_completer", "set_completer_delims",
           "set_completion_display_matches_hook", "set_history_length", "set_pre_input_hook", "set_startup_hook",
           "write_history_file"]

backend = "readline"
_READLINE_VERSION = _READLINE_RUNTIME_VERSION = 0x0802  # of GNU readline, whose functions these are like

_history = []
_delimiters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"
_completer = _startup_hook = _pre_input_hook = None
_history_length = -1
_auto_history = True
_reader = None      # the editor, once a line was read
_reading = False
_completing = False
_bindings = []      # (key, command) pairs from parse_and_bind, in the editor's words
_history_size = -1  # how many lines are kept, from "set history-size"; negative: all
_plain_input = builtins.input


def _text(value, function):
    if not isinstance(value, str):
        raise TypeError(f"{function}() argument must be str, not {type(value).__name__}")
    return value


def _checked_hook(function, name):
    if function is not None and not callable(function):
        raise TypeError(f"set_{name}(func): argument not callable")
    return function


# ---- reading a line ----

def _make_reader():
    global _completer
    completer = _completer
    from _pyrepl.readline import Console, ReadlineAlikeReader, ReadlineConfig, _error
    from _krait_plain_console import PlainConsole
    _completer = completer  # which rlcompleter, imported on the way, has replaced

    class Reader(ReadlineAlikeReader):
        def get_completions(self, stem):
            global _completing
            _completing = True
            try:
                return self._completions(stem)
            finally:
                _completing = False

        def _completions(self, stem):
            found, state = [], 0
            while _completer is not None:
                try:
                    text = _completer(stem, state)
                except Exception:
                    break
                if not isinstance(text, str):
                    break
                found.append(text)
                state += 1
            return sorted(found)

        def get_stem(self):
            start, end = _word(self)
            return "".join(self.buffer[start:end])

    try:
        console = Console(0, 1, encoding=sys.getdefaultencoding())
    except _error:
        console = PlainConsole(0, 1, encoding=sys.getdefaultencoding())
    reader = Reader(console=console, config=ReadlineConfig())
    reader.history = _history
    return reader


def _word(reader):
    """Where the word before the cursor starts and ends."""
    start = end = reader.pos
    while start > 0 and reader.buffer[start - 1] not in _delimiters:
        start -= 1
    return start, end


def _run_hooks():
    for hook in _startup_hook, _pre_input_hook:
        if hook is not None:
            try:
                hook()
            except Exception:
                sys.unraisablehook(_unraisable(hook))


def _unraisable(hook):
    import types
    kind, error, traceback = sys.exc_info()
    return types.SimpleNamespace(exc_type=kind, exc_value=error, exc_traceback=traceback, err_msg="Exception ignored in readline hook",
                                 object=hook)


def _on_terminal():
    try:
        return sys.stdin.fileno() == 0 and sys.stdout.fileno() == 1 and os.isatty(0) and os.isatty(1)
    except (AttributeError, OSError, ValueError):
        return False


def _editor():
    global _reader
    if _reader is None:
        _reader = _make_reader()
        for key, command in _bindings:
            _reader.bind(key, command)
    return _reader


def _input(prompt="", /):
    """Read a string from standard input, as the built-in function does; on a terminal the line can be edited."""
    global _reading
    reader = _editor() if not _reading and _on_terminal() else None
    if reader is None:
        return _plain_input(prompt)
    prompt = str(prompt)
    sys.audit("builtins.input", prompt)
    sys.stdout.flush()
    reader.ps1 = prompt
    _reading = True
    try:
        with reader.suspend_history_writes():
            line = reader.readline(startup_hook=_run_hooks)
    finally:
        _reading = False
    if _auto_history and line and (not _history or _history[-1] != line):
        add_history(line)
    sys.audit("builtins.input/result", line)
    return line


_input.__name__ = _input.__qualname__ = "input"
_input.__module__ = "builtins"


def get_line_buffer():
    """Return the current contents of the line buffer."""
    return _reader.get_unicode() if _reading else ""


def insert_text(string, /):
    """Insert text into the line buffer at the cursor position."""
    string = _text(string, "insert_text")
    if _reading:
        _reader.insert(string)


def redisplay():
    """Change what's displayed on the screen to reflect contents of the line buffer."""
    if _reading:
        _reader.refresh()


# ---- completion ----

def set_completer(function=None, /):
    """Set or remove the completer function, called as function(text, state) for state in 0, 1, 2, ... until it returns a
non-string."""
    global _completer
    _completer = _checked_hook(function, "completer")


def get_completer():
    """Get the current completer function."""
    return _completer


def set_completer_delims(string, /):
    """Set the word delimiters for completion."""
    global _delimiters
    _delimiters = _text(string, "set_completer_delims")


def get_completer_delims():
    """Get the word delimiters for completion."""
    return _delimiters


def get_completion_type():
    """Get the type of completion being attempted: that of a Tab, 9; 0 outside of a completion."""
    return 9 if _completing else 0


def get_begidx():
    """Get the beginning index of the completion scope."""
    return _word(_reader)[0] if _reading else 0


def get_endidx():
    """Get the ending index of the completion scope."""
    return _word(_reader)[1] if _reading else 0


def set_completion_display_matches_hook(function=None, /):
    """Remove the completion display function. Setting one raises NotImplementedError: the editor shows matches itself."""
    if _checked_hook(function, "completion_display_matches_hook") is not None:
        raise NotImplementedError("a function that displays completions")


def set_startup_hook(function=None, /):
    """Set or remove the function invoked without arguments before a line is read."""
    global _startup_hook
    _startup_hook = _checked_hook(function, "startup_hook")


def set_pre_input_hook(function=None, /):
    """Set or remove the function invoked without arguments just before the first key is read."""
    global _pre_input_hook
    _pre_input_hook = _checked_hook(function, "pre_input_hook")


# ---- initialization ----

# Commands of GNU readline that the editor has too, under its own names where they differ.
_COMMANDS = {
    "accept-line": "accept", "backward-char": "left", "forward-char": "right", "beginning-of-line": "beginning-of-line",
    "end-of-line": "end-of-line", "backward-word": "backward-word", "forward-word": "forward-word", "clear-screen": "clear-screen",
    "previous-history": "previous-history", "next-history": "next-history", "beginning-of-history": "first-history",
    "end-of-history": "last-history", "reverse-search-history": "reverse-history-isearch",
    "forward-search-history": "forward-history-isearch", "history-search-backward": "history-search-backward",
    "history-search-forward": "history-search-forward", "yank-last-arg": "yank-arg", "delete-char": "delete",
    "backward-delete-char": "backspace", "kill-line": "kill-line", "unix-line-discard": "unix-line-discard",
    "kill-word": "kill-word", "backward-kill-word": "backward-kill-word", "unix-word-rubout": "unix-word-rubout", "yank": "yank",
    "yank-pop": "yank-pop", "transpose-chars": "transpose-characters", "upcase-word": "upcase-word",
    "capitalize-word": "capitalize-word", "downcase-word": "downcase-word", "complete": "complete", "self-insert": "self-insert",
}
_KEYS = {"tab": r"\t", "return": r"\n", "space": r"\ ", "escape": r"\e", "rubout": r"\<backspace>", "del": r"\<delete>"}


def _parse_binding(line):
    key, _, command = line.partition(":")
    command = _COMMANDS.get(command.strip().partition(" ")[0])
    key = key.strip()
    if key.startswith('"') and key.endswith('"') and len(key) > 2:
        key = key[1:-1]
    else:
        key = _KEYS.get(key.lower())
    return (key, command) if key and command else None


def parse_and_bind(string, /):
    """Execute the init line provided in the string argument. Lines for which the editor has no command have no effect."""
    line = _text(string, "parse_and_bind").strip()
    words = line.split()
    if len(words) == 3 and words[:2] == ["set", "history-size"]:
        _set_history_size(words[2])
        return
    binding = None if line.startswith("#") else _parse_binding(line)
    if binding is None:
        return
    _bindings.append(binding)
    if _reader is not None:
        _reader.bind(*binding)


def _set_history_size(text):
    global _history_size
    try:
        _history_size = int(text)
    except ValueError:
        return
    _forget_oldest()


def _forget_oldest():
    if 0 <= _history_size < len(_history):
        del _history[:len(_history) - _history_size]


def _path(filename, default, mode="r", name_of_default=None):
    """The file's path. Audit hooks are told what was asked for, as by CPython, before open() tells them what is opened."""
    sys.audit("open", (name_of_default or default) if filename is None else filename, mode, 0)
    return os.path.expanduser(default) if filename is None else os.fspath(filename)


def read_init_file(filename=None, /):
    """Execute a readline initialization file. The default is $INPUTRC or ~/.inputrc."""
    path = _path(filename, os.environ.get("INPUTRC") or "~/.inputrc", name_of_default="<readline_init_file>")
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            parse_and_bind(line)


# ---- history ----

def _lines_of(filename):
    with open(_path(filename, "~/.history"), encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        return [line.removesuffix("\n") for line in file]


def _write(path, mode, lines):
    with open(path, mode, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.writelines(line + "\n" for line in lines)


def _truncate(path):
    if _history_length >= 0:
        _write(path, "w", _lines_of(path)[-_history_length:] if _history_length else [])


def read_history_file(filename=None, /):
    """Load a readline history file. The default filename is ~/.history."""
    _history.extend(line for line in _lines_of(filename) if line)
    _forget_oldest()


def write_history_file(filename=None, /):
    """Save a readline history file. The default filename is ~/.history."""
    path = _path(filename, "~/.history", "w")
    _write(path, "w", list(_history))
    _truncate(path)


def append_history_file(nelements, filename=None, /):
    """Append the last nelements items of the history list to file. The default filename is ~/.history."""
    if nelements < 0:
        raise ValueError("nelements must be non-negative")
    path = _path(filename, "~/.history", "a")
    with open(path, "r+", encoding="utf-8", errors="surrogateescape", newline="\n") as file:  # it must exist
        file.seek(0, os.SEEK_END)
        file.writelines(line + "\n" for line in (_history[-nelements:] if nelements else []))
    _truncate(path)


def add_history(string, /):
    """Add an item to the history buffer."""
    _history.append(_text(string, "add_history"))
    _forget_oldest()


def set_auto_history(enabled, /):
    """Enables or disables automatic history."""
    global _auto_history
    _auto_history = bool(enabled)


def clear_history():
    """Clear the current readline history."""
    _history.clear()


def get_history_item(index, /):
    """Return the current contents of the history item at one-based index, or None."""
    return _history[index - 1] if 1 <= index <= len(_history) else None


def _check_position(position):
    if position < 0:
        raise ValueError("History index cannot be negative")
    if position >= len(_history):
        raise ValueError(f"No history item at position {position}")


def remove_history_item(pos, /):
    """Remove a history item given by its zero-based position."""
    _check_position(pos)
    del _history[pos]


def replace_history_item(pos, line, /):
    """Replaces a history item given by its position with contents of line."""
    _text(line, "replace_history_item")
    _check_position(pos)
    _history[pos] = line


def get_current_history_length():
    """Return the current (not the maximum) length of history."""
    return len(_history)


def set_history_length(length, /):
    """Set the maximal number of lines which will be written to the history file. A negative length stops truncation."""
    import operator
    global _history_length
    _history_length = operator.index(length)


def get_history_length():
    """Return the maximum number of lines that will be written to the history file."""
    return _history_length


try:
    read_init_file()
except OSError:
    pass
builtins.input = _input
