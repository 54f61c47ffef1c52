/* What the files of _curses and _curses_panel share: the library's lock, windows, conversions.
 *
 * ncurses has one terminal, one current screen and tables of its own, for the whole process, and takes no locks. So each call of
 * it is made with the process's one lock held, in a blocking region (LIBRARY): whoever waits for the terminal holds up no
 * collection. Where ncurses itself waits, for a key or until some time has passed, it comes back to the program (curses_read,
 * curses_poll, curses_nanosleep: the build gives its calls these names), which lets the lock go meanwhile. So one thread draws
 * while another waits for a key, as where CPython gives up its own lock there; but never are two in the library's code.
 *
 * Only the process's first isolate can import the modules, as in CPython.
 *
 * Threads: what the library has, `windows` included, is guarded by that lock. An instance's own words do not change after it was
 * made, but for `encoding` of windows, and `window` and `userptr` of panels, each of which is one word. A window that dies is put
 * on a list that needs no lock (the collector must not wait), and deleted by whoever enters the library next.
 */
#pragma once
#include "modules/os_support.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#define NCURSES_NOMACROS
#include <curses.h>

/* The library's window, and who holds it: its object, and panels that show it. It is deleted when nobody does. */
typedef struct WindowHandle {
    WINDOW *window;
    struct WindowHandle *next; /* among those to be deleted */
    uint32_t holders;          /* atomic */
} WindowHandle;
void curses_handle_drop(WindowHandle *h); /* touches no cell and takes no lock */

typedef struct WindowObject {
    Object object;
    WindowHandle *handle;
    Value encoding; /* str */
    Value parent;   /* the window that it is a part of, or absent */
    size_t weight;  /* bytes that the heap was told of */
} WindowObject;
extern Type curses_window_type;
static inline WINDOW *window_of(Value v) { return ((WindowObject *)v.bits)->handle->window; }
/* An object for a window that the library made; NULL: CPython's error. encoding absent: the locale's. */
Value curses_window_new(Thread *t, WINDOW *window, Value encoding, Value parent);

/* The library's lock */
void curses_enter(Thread *t);
void curses_leave(Thread *t);
#define LIBRARY(t, call)              \
    ({                                \
        curses_enter(t);              \
        __auto_type result_ = (call); \
        curses_leave(t);              \
        result_;                      \
    })

/* How far the program has come, in the process; set under the lock. */
typedef struct CursesProgress {
    bool setupterm, initscr, start_color;
} CursesProgress;
extern CursesProgress curses_progress;
bool curses_initialised(Thread *t); /* false: _curses.error, "must call initscr() first" */
bool curses_has_colors(Thread *t);  /* the same for start_color() */
bool curses_has_terminal(Thread *t); /* and setupterm() */
/* false: OSError, the isolate may not use terminals. */
bool curses_allowed(Thread *t);

/* The isolate's list. */
/* The exception; a weak reference to the module; what the first window of the screen is encoded in; panels. */
enum { CURSES_ERROR, CURSES_MODULE, CURSES_ENCODING, CURSES_PANEL_ERROR, CURSES_PANELS, CURSES_STATES };
Value curses_state(Thread *t, size_t i);
bool curses_state_set(Thread *t, size_t i, Value v);
Value curses_error(Thread *t, const char *function); /* "function() returned ERR" */
Value curses_null(Thread *t);
/* None, or the error if the library says ERR. */
static inline Value curses_result(Thread *t, int code, const char *function) {
    return code == ERR ? curses_error(t, function) : NONE;
}

/* Conversions, with CPython's messages */

/* By letters: i an int, u an unsigned one, h a short (as int), l a long (as long), p a truth value (as bool), O an object (as Value). */
bool curses_parse(Thread *t, Value args, const char *format, ...);
bool curses_short(Thread *t, Value v, int *out);
bool curses_int(Thread *t, Value v, int *out); /* with the message for a C int where curses_parse has another */
bool curses_chtype(Thread *t, Value encoding, Value v, chtype *out); /* a byte or a number; encoding: for text beyond ASCII */
/* A character of a window: wide where it is text (returns 2), else a byte (1); 0: an exception is pending. */
int curses_character(Thread *t, Value v, chtype *byte, wchar_t *wide);
/* Text for a window; who asked frees `wide`. */
typedef struct CursesText {
    wchar_t *wide;
    const char *bytes; /* of the argument itself, if wide is NULL */
} CursesText;
bool curses_text(Thread *t, Value v, CursesText *out);
bool curses_wide_character(Thread *t, Value v, wchar_t *out);
bool curses_color(Thread *t, Value v, int least, int *out); /* least: 0, or -1 for a color that may be the default */
bool curses_color_pair(Thread *t, Value v, int *out);
bool curses_color_component(Thread *t, Value v, int *out);

extern const ModuleDef _curses_module;
extern const NativeDef curses_functions[];
void curses_before_fork(void); /* takes the lock */
void curses_after_fork(void);
bool curses_update_size(Thread *t); /* LINES and COLS of both modules */
Value curses_initscr(Thread *t, Value *args);
Value curses_start_color(Thread *t, Value *args);
Value curses_update_lines_cols(Thread *t, Value *args);
