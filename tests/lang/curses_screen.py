"""What curses writes to a terminal, byte for byte, and what its functions say."""
import io
import os
import pty
import sys
import termios


def on_terminal(part, term="xterm", size=(10, 30)):
    """Runs a part of this file on a terminal: what it wrote there, and what it said by the way."""
    told, tell = os.pipe()
    child, terminal = pty.fork()
    if child == 0:
        os.close(told)
        os.set_inheritable(tell, True)
        for name in "LINES", "COLUMNS":
            os.environ.pop(name, None)
        os.environ["TERM"] = term
        termios.tcsetwinsize(0, size)
        os.execv(sys.executable, [sys.executable, __file__, part, str(tell)])
    os.close(tell)
    written = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        written += piece
    with open(told, encoding="utf-8", errors="surrogatepass") as f:
        said = f.read()
    print(f"--- {part} on {term}: {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}")
    print(said, end="")
    for i in range(0, len(written), 100):
        print(written[i:i + 100])


def say(*words):
    print(*words, file=to_parent, flush=True)


def attempt(what, f, *arguments, **named):
    try:
        say(what, repr(f(*arguments, **named)))
    except Exception as e:
        say(what, f"{type(e).__module__}.{type(e).__name__}: {e}")


def drawing():
    import curses
    screen = curses.initscr()
    screen.addstr(0, 0, "plain")
    screen.addstr(1, 2, "bold", curses.A_BOLD)
    screen.addstr("reverse", curses.A_REVERSE | curses.A_UNDERLINE)
    screen.addstr(2, 0, "größe €  \u4e2d\U0001f600".encode())
    screen.addstr(3, 0, "größe €  \u4e2d")
    screen.addnstr(4, 0, "only five of these", 5)
    screen.addch(4, 10, "ö", curses.A_BOLD)
    screen.addch(ord("x"))
    screen.addch(b"y")
    screen.refresh()
    screen.insstr(0, 0, "inserted ")
    screen.insnstr(1, 0, "abc", 2)
    screen.insch(1, 1, "!")
    screen.insch("?", curses.A_STANDOUT)
    screen.delch(0, 0)
    screen.hline(5, 1, curses.ACS_HLINE, 8)
    screen.vline(5, 12, "|", 3, curses.A_BOLD)
    screen.refresh()
    screen.chgat(0, 2, 5, curses.A_REVERSE)
    screen.chgat(3, 0, curses.A_BOLD)
    screen.move(4, 0)
    screen.chgat(2, curses.A_UNDERLINE)
    screen.refresh()
    say(screen.instr(0, 0), screen.instr(3, 0, 9), screen.inch(1, 2), screen.getyx(), screen.getmaxyx())
    window = curses.newwin(5, 12, 2, 15)
    window.box()
    inner = window.derwin(3, 10, 1, 1)
    inner.scrollok(True)
    for i in range(5):
        inner.addstr(f"line {i}\n")
    window.refresh()
    inner.scroll(-1)
    inner.refresh()
    say(inner.getparyx(), inner.getbegyx(), inner.getmaxyx(), window.getparyx())
    window.mvwin(1, 10)
    window.border("l", "r", "t", "b", "1", "2", "3", "4")
    window.refresh()
    screen.touchwin()
    screen.refresh()
    say(screen.is_wintouched(), screen.is_linetouched(1))
    screen.touchline(1, 2)
    say(screen.is_wintouched(), screen.is_linetouched(1), screen.is_linetouched(4))
    window.resize(3, 6)
    window.erase()
    window.bkgd(".", curses.A_BOLD)
    window.refresh()
    other = curses.newwin(3, 6, 2, 12)
    other.addstr("other")
    window.overlay(other)
    window.overwrite(other, 0, 0, 1, 1, 1, 3)
    other.mvwin(5, 20)
    other.noutrefresh()
    curses.doupdate()
    pad = curses.newpad(30, 40)
    for y in range(29):
        pad.addstr(y, 0, f"{y} of the pad")
    pad.refresh(5, 3, 6, 0, 8, 12)
    part = pad.subpad(5, 10, 7, 3)
    say(part.instr(0, 0), pad.subwin(2, 2).getmaxyx())
    pad.echochar("E")
    screen.setscrreg(1, 3)
    screen.scrollok(1)
    screen.scroll()
    screen.clrtobot()
    screen.move(0, 3)
    screen.clrtoeol()
    screen.insertln()
    screen.deleteln()
    screen.insdelln(2)
    screen.redrawln(0, 2)
    screen.refresh()
    attempt("curs_set", curses.curs_set, 0)
    attempt("beep", curses.beep)
    attempt("flash", curses.flash)
    screen.clear()
    screen.attron(curses.A_BOLD)
    screen.addstr("on")
    screen.attroff(curses.A_BOLD)
    screen.attrset(curses.A_DIM)
    screen.addstr("set")
    screen.standout()
    screen.addstr("out")
    screen.standend()
    screen.addstr("end")
    screen.refresh()
    curses.resizeterm(8, 20)
    say(curses.LINES, curses.COLS, screen.getmaxyx(), curses.is_term_resized(8, 20))
    kept = io.BytesIO()
    other.putwin(kept)
    kept.seek(0)
    again = curses.getwin(kept)
    say(again.instr(0, 0), again.getmaxyx(), again.getbegyx())
    curses.endwin()
    say(curses.isendwin())
    screen.refresh()
    say(curses.isendwin())
    curses.endwin()


def colors():
    import curses
    screen = curses.initscr()
    attempt("early", curses.color_pair, 1)
    if not curses.has_colors():
        attempt("start_color", curses.start_color)
        curses.endwin()
        return
    say(hasattr(curses, "COLORS"), curses.has_colors(), curses.can_change_color(), curses.has_extended_color_support())
    curses.start_color()
    say(curses.COLORS, curses.COLOR_PAIRS)
    curses.use_default_colors()
    curses.init_pair(1, curses.COLOR_RED, -1)
    curses.init_pair(2, curses.COLOR_WHITE, curses.COLOR_BLUE)
    say(curses.pair_content(1), curses.pair_content(2), curses.pair_number(curses.color_pair(2)), curses.color_content(1))
    screen.addstr("red", curses.color_pair(1))
    screen.addstr("white", curses.color_pair(2) | curses.A_BOLD)
    screen.bkgdset(" ", curses.color_pair(2))
    screen.clrtoeol()
    screen.chgat(0, 0, 2, curses.color_pair(2))
    screen.refresh()
    say(screen.getbkgd(), screen.inch(0, 0))
    for f, arguments in [(curses.init_pair, (10 ** 6, 1, 1)), (curses.init_pair, (-1, 1, 1)), (curses.init_pair, (1, 10 ** 6, 1)),
                         (curses.init_pair, (2 ** 31, 1, 1)), (curses.init_pair, (1, 1, 10 ** 30)), (curses.init_color, (1, 1001, 0, 0)),
                         (curses.init_color, (1, 0, -1, 0)), (curses.init_color, (1, 0, 0, 0)), (curses.init_color, (-1, 0, 0, 0)),
                         (curses.pair_content, (10 ** 6,)), (curses.color_content, (300,)), (curses.color_pair, ("x",))]:
        attempt(f.__name__, f, *arguments)
    curses.assume_default_colors(curses.COLOR_GREEN, curses.COLOR_BLACK)
    screen.redrawwin()
    screen.refresh()
    curses.endwin()


def panels():
    import curses
    import curses.panel
    attempt("early", curses.panel.top_panel)
    screen = curses.initscr()
    windows = [curses.newwin(3, 8, i, i * 3) for i in range(3)]
    piled = []
    for i, window in enumerate(windows):
        window.box()
        window.addstr(1, 1, f"no {i}")
        piled.append(curses.panel.new_panel(window))

    def show():
        curses.panel.update_panels()
        curses.doupdate()

    def order():
        found, p = [], curses.panel.bottom_panel()
        while p is not None:
            found.append(piled.index(p))
            p = p.above()
        return found, piled.index(curses.panel.top_panel())

    show()
    say(order(), piled[1].window() is windows[1])
    piled[0].top()
    show()
    piled[2].bottom()
    show()
    say(order())
    piled[1].hide()
    say(piled[1].hidden(), piled[0].hidden(), order())
    show()
    piled[1].show()
    piled[1].move(5, 10)
    show()
    say(order(), windows[1].getbegyx(), piled[1].below() is piled[0], piled[1].above())
    attempt("userptr", piled[0].userptr)
    piled[0].set_userptr({"a": 1})
    attempt("userptr", piled[0].userptr)
    replacement = curses.newwin(2, 5, 0, 20)
    replacement.addstr("new")
    piled[0].replace(replacement)
    say(piled[0].window() is replacement)
    show()
    attempt("move", piled[0].move, 100, 100)
    attempt("move", piled[0].move, "x", 1)
    attempt("move", piled[0].move, 1)
    attempt("replace", piled[0].replace, None)
    attempt("new", curses.panel.new_panel, 5)
    attempt("type", type(piled[0]))
    del piled[2]  # the list's was the last reference: it is gone from the pile
    say(order())
    show()
    curses.endwin()


def textpad():
    import curses.textpad
    screen = curses.initscr()
    curses.textpad.rectangle(screen, 0, 0, 4, 20)
    screen.refresh()
    window = curses.newwin(3, 19, 1, 1)
    box = curses.textpad.Textbox(window)
    for c in b"hello\x01X\x05!\x0esecond\x10":
        box.do_command(c)
    window.refresh()
    say(repr(box.gather()))
    curses.endwin()


def arguments():
    import _curses
    for name in "baudrate", "newwin", "color_pair", "doupdate", "unctrl", "napms", "tigetstr", "start_color":
        attempt(name, getattr(_curses, name), *{"newwin": (1, 1), "color_pair": (1,), "unctrl": ("a",), "napms": (1,),
                                                "tigetstr": ("bold",)}.get(name, ()))
    for given in ("no-such-terminal", 1), (5,), ("x\0",), (None, "x"):
        attempt("setupterm", _curses.setupterm, *given)
    _curses.setupterm(fd=1)
    for name in "bold", "cup", "nonsense":
        attempt(name, _curses.tigetstr, name)
    attempt("cols", _curses.tigetnum, "cols")
    attempt("am", _curses.tigetflag, "am")
    attempt("tparm", _curses.tparm, _curses.tigetstr("cup"), 3, 4)
    attempt("tparm", _curses.tparm, "text")
    attempt("tparm", _curses.tparm, b"x\0")
    _curses.putp(b"putp")
    os.write(1, b"after it")
    screen = _curses.initscr()
    _curses.endwin()
    window = _curses.newwin(4, 10)
    for name, *given in [("addch",), ("addch", "ab"), ("addch", 2 ** 40), ("addch", 2 ** 80), ("addch", True), ("addch", 9, 9, "x"),
                         ("addch", 1, 2, 3, 4, 5), ("addstr", 5), ("addstr", "a\0"), ("addstr", b"a\0"), ("addstr", 0, "x", "y"),
                         ("addnstr", "x"), ("bkgd", "€"), ("bkgd", None), ("move", 1), ("move", 1, "x"), ("move", 10, 10),
                         ("keypad",), ("keypad", "x"), ("keypad", 2 ** 31), ("timeout",), ("insdelln", 1, 2), ("resize", 1),
                         ("is_linetouched", 50), ("is_linetouched", 2 ** 31), ("subwin", 1), ("subwin", 20, 20, 1, 1), ("derwin", 1, 1, 1),
                         ("scroll",), ("scroll", 1, 2), ("instr", -1), ("instr", 2 ** 40), ("instr", 1, 1, 3), ("getch", 1),
                         ("refresh", 1), ("refresh", 1, 1, 1, 1, 1, 1), ("overlay", 5), ("overlay", window, 1), ("setscrreg", 9, 1),
                         ("chgat",), ("hline", 9, 9, "x", 1), ("delch", 9, 9), ("touchline", 9, 9), ("enclose", 1, 1), ("box", 1)]:
        attempt(name, getattr(window, name), *given)
    attempt("addstr", window.addstr, x=1)
    attempt("erase", window.erase, x=1)
    attempt("pad", _curses.newpad(5, 5).refresh)
    attempt("pad", _curses.newpad(5, 5).noutrefresh)
    attempt("window", _curses.newwin, 100, -1)
    for encoding in "latin-1", 5, "ö":
        attempt("encoding", setattr, window, "encoding", encoding)
    attempt("encoding", delattr, window, "encoding")
    say(window.encoding, screen.encoding)
    window.bkgd("ä")
    attempt("bkgd", window.bkgd, "€")
    for name, *given in [("keyname", 97), ("keyname", 259), ("keyname", -1), ("unctrl", "\x01"), ("unctrl", 200), ("has_key", 259),
                         ("halfdelay", 0), ("halfdelay", 256), ("halfdelay", -1), ("resizeterm", 40000, 1), ("resizeterm", 1),
                         ("set_escdelay", 0), ("set_tabsize", -1), ("get_escdelay",), ("get_tabsize",), ("ungetch", 2 ** 40),
                         ("unget_wch", "ab"), ("unget_wch", 2 ** 40), ("unget_wch", b"a"), ("mousemask", "x"), ("curs_set", 9),
                         ("ungetmouse", 1, 2), ("getmouse",), ("longname",), ("termname",), ("termattrs",), ("erasechar",),
                         ("getwin", io.BytesIO(b"nonsense")), ("getwin", io.StringIO("x")), ("getsyx",), ("typeahead", -1)]:
        attempt(name, getattr(_curses, name), *given)
    attempt("type", _curses.window)
    attempt("version", type(_curses.ncurses_version))


def described():
    import _curses
    import _curses_panel
    import inspect
    for owner in _curses, _curses.window, _curses_panel, _curses_panel.panel:
        for name, value in sorted(vars(owner).items()):
            if name.startswith("_") or name == "ncurses_version":
                continue
            if isinstance(value, int):
                say(name, value)
            elif callable(value) and not isinstance(value, type):
                say(name, " ".join((value.__text_signature__ or "").split()), repr(value.__doc__))
            else:
                say(name, value if isinstance(value, (bytes, str)) else type(value).__name__)
    say(inspect.signature(_curses.setupterm), inspect.signature(_curses.window.enclose))
    say(_curses.ncurses_version._fields if hasattr(_curses.ncurses_version, "_fields") else len(_curses.ncurses_version))


if len(sys.argv) > 1:
    to_parent = open(int(sys.argv[2]), "w", encoding="utf-8", errors="surrogatepass")
    globals()[sys.argv[1]]()
else:
    for part in "drawing", "colors", "panels", "textpad", "arguments", "described":
        on_terminal(part)
    for term in "vt100", "linux", "xterm-256color":
        on_terminal("drawing", term)
        on_terminal("colors", term)
    on_terminal("drawing", "dumb")
