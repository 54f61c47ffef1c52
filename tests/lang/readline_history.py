"""The history, completer and hooks of readline, away from a terminal."""
import os
import readline
import tempfile


def attempt(f, *arguments):
    try:
        print(f.__name__, f(*arguments))
    except Exception as e:
        print(f.__name__, type(e).__name__, e.args[-1] if not isinstance(e, (OSError, TypeError)) else "")


readline.clear_history()
for line in "first", "second", "thïrd", "first":
    readline.add_history(line)
print(readline.get_current_history_length(), [readline.get_history_item(i) for i in range(1, 6)])
attempt(readline.remove_history_item, 1)
attempt(readline.replace_history_item, 0, "new first")
attempt(readline.remove_history_item, -1)
attempt(readline.remove_history_item, 10)
attempt(readline.replace_history_item, 10, "x")
attempt(readline.add_history, 5)
print([readline.get_history_item(i) for i in range(1, 4)])
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "history")
    attempt(readline.read_history_file, path)
    attempt(readline.append_history_file, 1, path)
    readline.write_history_file(path)
    print(open(path, encoding="utf-8").read().split("\n"))
    readline.append_history_file(2, path)
    print(open(path, encoding="utf-8").read().split("\n"))
    attempt(readline.append_history_file, -1, path)
    readline.clear_history()
    readline.read_history_file(path)
    print(readline.get_current_history_length(), readline.get_history_item(2))
    print(readline.get_history_length())
    readline.set_history_length(2)
    readline.write_history_file(path)
    print(open(path, encoding="utf-8").read().split("\n"), readline.get_history_length())
print(readline.get_completer(), repr(readline.get_completer_delims()))
readline.set_completer_delims(" ,")
readline.set_completer(len)
print(readline.get_completer(), repr(readline.get_completer_delims()))
readline.set_completer(None)
for f in readline.set_completer, readline.set_startup_hook, readline.set_pre_input_hook:
    attempt(f, 5)
    attempt(f)
print(repr(readline.get_line_buffer()), readline.get_begidx(), readline.get_endidx(), readline.backend)
readline.parse_and_bind("tab: complete")
readline.set_auto_history(False)
