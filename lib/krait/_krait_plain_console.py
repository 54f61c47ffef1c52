"""A console of pyrepl's kind for terminals that can only print: one line, drawn with backspaces.

Keys are single characters, so cursor keys mean nothing; Emacs-like control keys and Tab work.
"""

import os
import select
import termios

from _pyrepl.base_eventqueue import BaseEventQueue
from _pyrepl.console import Console, Event
from _pyrepl.fancy_termios import tcgetattr, tcsetattr


class PlainConsole(Console):
    def __init__(self, f_in=0, f_out=1, encoding=""):
        super().__init__(f_in, f_out, encoding=encoding)
        self.event_queue = BaseEventQueue(self.encoding, {})
        self.state = None     # the terminal's attributes before prepare()
        self.shown = ""       # what stands in the line
        self.cursor = 0       # behind that many of its characters
        self.menu = []        # the other lines of the screen, as they were printed last
        self.posxy = 0, 0
        self.screen = []

    def write(self, text):
        data = text.encode(self.encoding, "replace")
        while data:
            data = data[os.write(self.output_fd, data):]

    def prepare(self):
        self.state = tcgetattr(self.input_fd)
        raw = self.state.copy()
        raw.iflag &= ~(termios.INPCK | termios.ISTRIP | termios.IXON)
        raw.oflag &= ~termios.OPOST
        raw.lflag &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        raw.lflag |= termios.ISIG
        raw.cc[termios.VMIN] = 1
        raw.cc[termios.VTIME] = 0
        tcsetattr(self.input_fd, termios.TCSADRAIN, raw)
        self.shown, self.cursor, self.menu = "", 0, []

    def restore(self):
        if self.state is not None:
            tcsetattr(self.input_fd, termios.TCSADRAIN, self.state)
            self.state = None

    def getheightwidth(self):
        return 25, 1 << 16  # so that lines are not wrapped

    def refresh(self, screen, xy):
        x, y = xy
        line, menu = screen[y], screen[:y] + screen[y + 1:]
        if menu and menu != self.menu:
            self.write("\r\n" + "".join(row.rstrip() + "\r\n" for row in menu))
            self.shown, self.cursor = "", 0
        self.menu = menu
        self.redraw(line)
        self.move_cursor(x, y)
        self.screen = list(screen)

    def redraw(self, line):
        same = len(os.path.commonprefix([line, self.shown]))
        if line != self.shown:
            self.place(min(self.cursor, same))
            self.write(line[self.cursor:])
            self.cursor = max(self.cursor, len(line))
            surplus = len(self.shown) - len(line)
            if surplus > 0:
                self.write(" " * surplus + "\b" * surplus)
            self.shown = line

    def place(self, x):
        """Moves the cursor within what is shown."""
        if x < self.cursor:
            self.write("\b" * (self.cursor - x))
        else:
            self.write(self.shown[self.cursor:x])
        self.cursor = x

    def move_cursor(self, x, y):
        self.place(min(x, len(self.shown)))
        self.posxy = x, y

    def finish(self):
        self.place(len(self.shown))
        self.write("\r\n")

    def push_char(self, char):
        self.event_queue.push(char)

    def get_event(self, block=True):
        if not block and not self.wait(0):
            return None
        while self.event_queue.empty():
            data = os.read(self.input_fd, 1)
            if not data:
                raise EOFError
            self.push_char(data)
        return self.event_queue.get()

    def wait(self, timeout=None):
        if not self.event_queue.empty():
            return True
        poll = select.poll()
        poll.register(self.input_fd, select.POLLIN)
        return bool(poll.poll(timeout))

    def getpending(self):
        event = Event("key", "", b"")
        while not self.event_queue.empty():
            more = self.event_queue.get()
            event.data += more.data
            event.raw += more.raw
        return event

    def forgetinput(self):
        termios.tcflush(self.input_fd, termios.TCIFLUSH)

    def set_cursor_vis(self, visible):
        pass

    def beep(self):
        self.write("\a")

    def clear(self):
        self.write("\r\n")
        self.shown, self.cursor = "", 0

    def flushoutput(self):
        pass

    def repaint(self):
        self.clear()

    @property
    def input_hook(self):
        return None
