"""Keys, lines of input, signals and threads on a terminal under curses."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def on_terminal(part, *typed):
    """Runs a part of this file on a terminal, where something is typed each time that it asks for it."""
    told, tell = os.pipe()
    child, terminal = pty.fork()
    if child == 0:
        os.close(told)
        os.set_inheritable(tell, True)
        for name in "LINES", "COLUMNS":
            os.environ.pop(name, None)
        os.environ.update(TERM="xterm", ESCDELAY="300")
        termios.tcsetwinsize(0, (6, 40))
        os.execv(sys.executable, [sys.executable, __file__, part, str(tell)])
    os.close(tell)
    keys, said, written, reading = list(typed), b"", b"", [told, terminal]
    while reading:
        for fd in select.select(reading, [], [])[0]:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                piece = b""
            if not piece:
                reading.remove(fd)
            elif fd == terminal:
                written += piece
            else:
                for _ in range(piece.count(b"\0")):
                    key = keys.pop(0)
                    if callable(key):
                        key(child, terminal)
                    else:
                        os.write(terminal, key)
                said += piece.replace(b"\0", b"")
    print(f"--- {part}: {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}", keys)
    print(said.decode(errors="surrogatepass"), end="")
    for i in range(0, len(written), 100):
        print(written[i:i + 100])


def say(*words):
    print(*words, file=to_parent, flush=True)


def ask():
    """From now on there is something to read. What was drawn is on the screen, since typing ahead would change how it gets there."""
    to_parent.write("\0")
    to_parent.flush()


def asked(what, f, *arguments):
    ask()
    attempt(what, f, *arguments)


def attempt(what, f, *arguments):
    try:
        say(what, repr(f(*arguments)))
    except (Exception, KeyboardInterrupt) as e:
        say(what, f"{type(e).__module__}.{type(e).__name__}: {e}")


def keys():
    import curses
    screen = curses.initscr()
    curses.noecho()
    curses.cbreak()
    screen.keypad(True)
    screen.refresh()
    asked("getch", screen.getch)
    asked("getch at", screen.getch, 2, 3)
    asked("up", screen.getch)
    asked("key", screen.getkey)
    asked("key", screen.getkey)
    asked("escape", screen.getch)
    asked("wide", screen.get_wch)
    asked("wide", screen.get_wch, 1, 1)
    asked("wide", screen.get_wch)
    asked("bytes", screen.getch)
    attempt("bytes", screen.getch)
    attempt("outside", screen.getch, 100, 100)
    screen.keypad(False)
    screen.refresh()
    asked("raw", lambda: [screen.getch() for _ in range(3)])
    screen.nodelay(True)
    attempt("nothing", screen.getch)
    attempt("nothing", screen.getkey)
    attempt("nothing", screen.get_wch)
    screen.timeout(20)
    attempt("timeout", screen.getch)
    screen.timeout(-1)
    curses.ungetch("u")
    attempt("ungetch", screen.getch)
    curses.unget_wch("€")
    attempt("unget_wch", screen.get_wch)
    curses.ungetch(curses.KEY_LEFT)
    attempt("ungetch", screen.getkey)
    curses.halfdelay(1)
    attempt("halfdelay", screen.getch)
    curses.nocbreak()
    curses.cbreak()
    say(curses.mousemask(curses.ALL_MOUSE_EVENTS), curses.mouseinterval(0))
    screen.keypad(True)
    screen.refresh()
    asked("mouse", screen.getch)
    attempt("mouse", curses.getmouse)
    curses.ungetmouse(1, 2, 3, 0, curses.BUTTON1_CLICKED)
    attempt("mouse", screen.getch)
    attempt("mouse", curses.getmouse)
    curses.echo()
    asked("echo", screen.getch, 3, 0)
    curses.raw()
    asked("control", screen.getch)
    curses.endwin()


def lines():
    import curses
    screen = curses.initscr()
    screen.addstr("? ")
    screen.refresh()
    asked("getstr", screen.getstr)
    asked("getstr", screen.getstr, 2, 0)
    asked("getstr", screen.getstr, 3, 0, 4)
    asked("getstr", screen.getstr, 0)
    attempt("getstr", screen.getstr, -1)
    attempt("getstr", screen.getstr, 1, 2, 3, 4)
    attempt("outside", screen.getstr, 100, 100)
    asked("cooked", lambda: [screen.getch() for _ in range(4)])
    import curses.textpad
    curses.cbreak()
    curses.noecho()
    window = curses.newwin(2, 12, 4, 10)
    window.refresh()
    box = curses.textpad.Textbox(window)
    ask()
    say(repr(box.edit(lambda key: ord("#") if key == ord("3") else key)))
    curses.endwin()


def interrupted():
    import curses
    screen = curses.initscr()
    curses.cbreak()
    screen.refresh()
    asked("getch", screen.getch)
    asked("getkey", screen.getkey)
    asked("get_wch", screen.get_wch)
    asked("getstr", screen.getstr)
    handled = []
    signal.signal(signal.SIGUSR1, lambda number, frame: handled.append(number))
    asked("handled", screen.getch)
    say(handled)
    asked("handled", screen.getkey)
    say(handled)
    screen.keypad(True)
    screen.refresh()
    asked("resized", screen.getkey)
    say(screen.getmaxyx(), curses.LINES, curses.COLS)
    curses.update_lines_cols()
    say(curses.LINES, curses.COLS)
    curses.endwin()


def threads():
    import curses
    import gc
    import threading
    screen = curses.initscr()
    curses.cbreak()
    curses.noecho()
    screen.refresh()
    got = []
    reader = threading.Thread(target=lambda: got.append(screen.getch()))
    reader.start()
    window = curses.newwin(3, 20, 1, 1)
    while screen.is_wintouched():
        pass
    for i in range(50):  # the screen is drawn, memory is collected, others run
        window.addstr(0, 0, f"step {i}")
        window.refresh()
        if i % 10 == 0:
            gc.collect()
    others = [threading.Thread(target=curses.napms, args=(20,)) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    say(reader.is_alive(), window.instr(0, 0, 8))
    ask()
    reader.join()
    say(got)

    def draw(n):
        for i in range(200):
            part = curses.newwin(2, 10, n, n * 10)
            inner = part.derwin(0, 0)
            inner.addstr(0, 0, f"{n} {i:5}")
            part.noutrefresh()

    drawing = [threading.Thread(target=draw, args=(n,)) for n in range(3)]
    for other in drawing:
        other.start()
    for other in drawing:
        other.join()
    gc.collect()
    screen.move(0, 0)
    screen.noutrefresh()
    curses.doupdate()
    say(curses.newwin(1, 1).instr(0, 0))
    failed = []

    def pile(n):  # panels come and go while others go through the pile
        try:
            for i in range(150):
                panel = curses.panel.new_panel(curses.newwin(2, 5, n, n))
                panel.set_userptr(panel.window())
                found = curses.panel.top_panel()
                while found is not None:
                    found = found.below()
                if i % 40 == 0:
                    gc.collect()
        except Exception as e:
            failed.append(repr(e))

    import curses.panel
    piling = [threading.Thread(target=pile, args=(n,)) for n in range(3)]
    for other in piling:
        other.start()
    for other in piling:
        other.join()
    say(failed)
    curses.endwin()


def wrapped():
    import curses

    def program(screen):
        screen.addstr("in it")
        screen.refresh()
        ask()
        key = screen.getkey()
        say(key)
        return key == "KEY_F(1)" or 1 / 0

    say(curses.wrapper(program))
    try:
        curses.wrapper(program)
    except ZeroDivisionError as e:
        say(e, curses.isendwin())


def until_it_waits(child):
    """A signal ends a wait that has begun."""
    seen = 0
    while seen < 5:
        time.sleep(0.02)
        with open(f"/proc/{child}/stat") as f:
            seen = seen + 1 if f.read().rpartition(")")[2].split()[0] == "S" else 0


def send(number):
    def kill(child, terminal):
        until_it_waits(child)
        os.kill(child, number)
    return kill


def resize(child, terminal):
    until_it_waits(child)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 8, 50, 0, 0))


if len(sys.argv) > 1:
    to_parent = open(int(sys.argv[2]), "w", encoding="utf-8", errors="surrogatepass")
    globals()[sys.argv[1]]()
else:
    on_terminal("keys", b"a", b"b", b"\x1bOA", b"\x1bOP", b"\xe9", b"\x1b", "€".encode(), b"x", b"\x1b[5~", "é".encode(), b"\x1bOA",
                b"\x1b[<0;5;3M", b"e", b"\x03")
    on_terminal("lines", b"first\r", b"wrong\x7f\x7fte\n", b"too long\n", b"none\n", b"abc\n", b"12345\x02\x02!\x07")
    on_terminal("interrupted", *[send(signal.SIGINT)] * 4, send(signal.SIGUSR1), send(signal.SIGUSR1), resize)
    on_terminal("threads", b"k")
    on_terminal("wrapped", b"\x1bOP", b"q")
