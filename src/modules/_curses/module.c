/* _curses: the module, its constants, and what adds to them when the screen is set up. Threads: curses.h. */
#include "modules/_curses/curses.h"

#include "types/weakref.h"

#include <pthread.h>

typedef struct Constant {
    const char *name;
    int64_t value;
} Constant;

static bool add_all(Thread *t, Value module, const Constant *table, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!module_add_int(t, module, table[i].name, table[i].value))
            return false;
    return true;
}

/* The module is not kept alive by its state. Absent without exception: there is none, or none any more. */
static Value living_module(Thread *t) {
    return present(t->isolate->slots[ISOLATE_CURSES]) && !is_none(curses_state(t, CURSES_MODULE))
               ? weakref_target(curses_state(t, CURSES_MODULE))
               : NO_VALUE;
}

/* Setting up */

static bool add_size(Thread *t, Value module) {
    int lines, columns;
    curses_enter(t);
    lines = LINES;
    columns = COLS;
    curses_leave(t);
    return module_add_int(t, module, "LINES", lines) && module_add_int(t, module, "COLS", columns);
}

bool curses_update_size(Thread *t) {
    Value shown = import_module(t, "curses"), module = living_module(t);
    return present(shown) && add_size(t, shown) && (absent(module) || add_size(t, module));
}

Value curses_update_lines_cols(Thread *t, Value *args) {
    CHECK(curses_update_size(t));
    return NONE;
}

static bool add_line_drawing(Thread *t, Value module) {
    const Constant characters[] = {
#define C(name) {#name, (int64_t)(name)},
        C(ACS_ULCORNER) C(ACS_LLCORNER) C(ACS_URCORNER) C(ACS_LRCORNER) C(ACS_LTEE) C(ACS_RTEE) C(ACS_BTEE) C(ACS_TTEE) C(ACS_HLINE)
        C(ACS_VLINE) C(ACS_PLUS) C(ACS_S1) C(ACS_S9) C(ACS_DIAMOND) C(ACS_CKBOARD) C(ACS_DEGREE) C(ACS_PLMINUS) C(ACS_BULLET)
        C(ACS_LARROW) C(ACS_RARROW) C(ACS_DARROW) C(ACS_UARROW) C(ACS_BOARD) C(ACS_LANTERN) C(ACS_BLOCK)
        C(ACS_BSSB) C(ACS_SSBB) C(ACS_BBSS) C(ACS_SBBS) C(ACS_SBSS) C(ACS_SSSB) C(ACS_SSBS) C(ACS_BSSS) C(ACS_BSBS) C(ACS_SBSB)
        C(ACS_SSSS) C(ACS_S3) C(ACS_S7) C(ACS_LEQUAL) C(ACS_GEQUAL) C(ACS_PI) C(ACS_NEQUAL) C(ACS_STERLING)
#undef C
    };
    return add_all(t, module, characters, sizeof characters / sizeof *characters);
}

static WINDOW *set_up(bool *again) {
    *again = curses_progress.initscr;
    if (*again) {
        wrefresh(stdscr);
        return stdscr;
    }
    WINDOW *screen = initscr();
    store_relaxed(&curses_progress.initscr, screen != NULL);
    if (screen)
        store_relaxed(&curses_progress.setupterm, true);
    return screen;
}

Value curses_initscr(Thread *t, Value *args) {
    bool again;
    CHECK(curses_allowed(t));
    WINDOW *screen = LIBRARY(t, set_up(&again));
    if (again || !screen)
        return curses_window_new(t, screen, NO_VALUE, NO_VALUE);
    Value module = living_module(t);
    CHECK(absent(module) || (add_line_drawing(t, module) && add_size(t, module)));
    Value window = TRY(curses_window_new(t, screen, NO_VALUE, NO_VALUE));
    CHECK(curses_state_set(t, CURSES_ENCODING, load(&((WindowObject *)window.bits)->encoding)));
    return window;
}

Value curses_start_color(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    int colors, pairs;
    curses_enter(t);
    int code = start_color();
    if (code != ERR)
        store_relaxed(&curses_progress.start_color, true);
    colors = COLORS;
    pairs = COLOR_PAIRS;
    curses_leave(t);
    CHECK(present(curses_result(t, code, "start_color")));
    Value module = living_module(t);
    CHECK(absent(module) ||
          (module_add_int(t, module, "COLORS", colors) && module_add_int(t, module, "COLOR_PAIRS", pairs)));
    return NONE;
}

/* Constants */

#define C(name) {#name, (int64_t)(name)},
#define BUTTON(n)                                                                     \
    C(BUTTON##n##_PRESSED) C(BUTTON##n##_RELEASED) C(BUTTON##n##_CLICKED)             \
    C(BUTTON##n##_DOUBLE_CLICKED) C(BUTTON##n##_TRIPLE_CLICKED)
static const Constant constants[] = {
    C(ERR) C(OK) C(A_ATTRIBUTES) C(A_NORMAL) C(A_STANDOUT) C(A_UNDERLINE) C(A_REVERSE) C(A_BLINK) C(A_DIM) C(A_BOLD)
    C(A_ALTCHARSET) C(A_INVIS) C(A_PROTECT) C(A_CHARTEXT) C(A_COLOR) C(A_HORIZONTAL) C(A_LEFT) C(A_LOW) C(A_RIGHT) C(A_TOP) C(A_VERTICAL)
    C(A_ITALIC)
    C(COLOR_BLACK) C(COLOR_RED) C(COLOR_GREEN) C(COLOR_YELLOW) C(COLOR_BLUE) C(COLOR_MAGENTA) C(COLOR_CYAN) C(COLOR_WHITE)
    BUTTON(1) BUTTON(2) BUTTON(3) BUTTON(4) BUTTON(5)
    C(BUTTON_SHIFT) C(BUTTON_CTRL) C(BUTTON_ALT) C(ALL_MOUSE_EVENTS) C(REPORT_MOUSE_POSITION) C(KEY_MIN) C(KEY_MAX)
};
#undef BUTTON
#undef C

/* "KEY_F(1)" is KEY_F1. Under the lock: the library's name lies in a buffer of its own. */
static bool name_of_key(int key, char *to, size_t size) {
    const char *name = keyname(key);
    if (!name || strncmp(name, "KEY_", 4) != 0)
        return false;
    size_t n = 0;
    for (; *name && n < size - 1; name++)
        if (*name != '(' && *name != ')')
            to[n++] = *name;
    to[n] = 0;
    return true;
}

static bool add_keys(Thread *t, Value module) {
    char name[64];
    for (int key = KEY_MIN; key < KEY_MAX; key++)
        if (LIBRARY(t, name_of_key(key, name, sizeof name)) && !module_add_int(t, module, name, key))
            return false;
    return true;
}

static bool add_library_version(Thread *t, Value module) {
    static const StructSequenceField fields[] = {
        {"major", "Major release number"}, {"minor", "Minor release number"}, {"patch", "Patch release number"}, {0}};
    long major = NCURSES_VERSION_MAJOR, minor = NCURSES_VERSION_MINOR, patch = NCURSES_VERSION_PATCH;
    Value type = struct_sequence_type(t, "curses.ncurses_version",
                                      "curses.ncurses_version\n\nNcurses version information as a named tuple.", fields, 3);
    if (absent(type))
        return false;
    as_type(type)->flags |= TYPE_NO_NEW;
    Value items[] = {small_int(major), small_int(minor), small_int(patch)};
    return module_add(t, module, "ncurses_version", struct_sequence_new(t, as_type(type), items));
}

/* A child of a fork must not find the lock taken by a thread that it does not have. */
static void guard_forks(void) { pthread_atfork(curses_before_fork, curses_after_fork, curses_after_fork); }

/* There is one terminal: the module can be made again only when it is gone. */
static bool may_be_made(Thread *t) {
    if (t->isolate->id != 0) {
        raise_error(t, &ImportError_type, "module _curses does not support loading in subinterpreters");
        return false;
    }
    if (present(living_module(t)))
        heap_collect_and_finalize(t, STACK_SCANNED);
    if (absent(living_module(t)))
        return true;
    raise_error(t, &ImportError_type, "module 'curses' can only be loaded once per process");
    return false;
}

static bool init(Thread *t, Value module) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!may_be_made(t))
        return false;
    pthread_once(&once, guard_forks);
    Value version = bytes_from_text(t, "2.2");
    return curses_state_set(t, CURSES_MODULE, weakref_new(t, module, NO_VALUE)) &&
           module_add_type(t, module, &curses_window_type) &&
           curses_state_set(t, CURSES_ERROR, module_new_exception(t, module, "error", &Exception_type)) &&
           module_add(t, module, "version", version) && module_add(t, module, "__version__", version) &&
           add_library_version(t, module) && add_all(t, module, constants, sizeof constants / sizeof *constants) &&
           add_keys(t, module);
}

NATIVE_MODULE(_curses) = {
    .name = "_curses",
    .functions = curses_functions,
    .init = init,
};
