/* _curses: functions of the terminal and of the screen as a whole. Threads: curses.h. */
#include "modules/_curses/curses.h"

#include "object/buffer.h"
#include "object/call.h"
#include "types/dict/dict.h"

#include <stdlib.h>

/* <term.h> has macros for all names of capabilities. */
int setupterm(const char *term, int fd, int *error);

/* What several functions are: a call of the library with nothing, a flag, or a number, once there is a screen. */

static Value simple(Thread *t, int (*function)(void), const char *name) {
    CHECK(curses_initialised(t));
    return curses_result(t, LIBRARY(t, function()), name);
}
static Value simple_void(Thread *t, void (*function)(void)) {
    CHECK(curses_initialised(t));
    curses_enter(t);
    function();
    curses_leave(t);
    return NONE;
}
static Value is_so(Thread *t, bool (*function)(void)) {
    CHECK(curses_initialised(t));
    return from_bool(LIBRARY(t, function()));
}
static Value on_or_off(Thread *t, Value *args, int (*on)(void), int (*off)(void), const char *name) {
    bool flag;
    CHECK(as_bool(t, args[0], &flag) && curses_initialised(t));
    return curses_result(t, LIBRARY(t, flag ? on() : off()), name);
}
static Value with_int(Thread *t, Value v, int (*function)(int), const char *name) {
    int n;
    CHECK(curses_int(t, v, &n) && curses_initialised(t));
    return curses_result(t, LIBRARY(t, function(n)), name);
}

static Value beep_(Thread *t, Value *args) { return simple(t, beep, "beep"); }
static Value flash_(Thread *t, Value *args) { return simple(t, flash, "flash"); }
static Value def_prog_mode_(Thread *t, Value *args) { return simple(t, def_prog_mode, "def_prog_mode"); }
static Value def_shell_mode_(Thread *t, Value *args) { return simple(t, def_shell_mode, "def_shell_mode"); }
static Value reset_prog_mode_(Thread *t, Value *args) { return simple(t, reset_prog_mode, "reset_prog_mode"); }
static Value reset_shell_mode_(Thread *t, Value *args) { return simple(t, reset_shell_mode, "reset_shell_mode"); }
static Value resetty_(Thread *t, Value *args) { return simple(t, resetty, "resetty"); }
static Value savetty_(Thread *t, Value *args) { return simple(t, savetty, "savetty"); }
static Value doupdate_(Thread *t, Value *args) { return simple(t, doupdate, "doupdate"); }
static Value endwin_(Thread *t, Value *args) { return simple(t, endwin, "endwin"); }
static Value nocbreak_(Thread *t, Value *args) { return simple(t, nocbreak, "nocbreak"); }
static Value noecho_(Thread *t, Value *args) { return simple(t, noecho, "noecho"); }
static Value nonl_(Thread *t, Value *args) { return simple(t, nonl, "nonl"); }
static Value noraw_(Thread *t, Value *args) { return simple(t, noraw, "noraw"); }
static Value cbreak_(Thread *t, Value *args) { return on_or_off(t, args, cbreak, nocbreak, "cbreak"); }
static Value echo_(Thread *t, Value *args) { return on_or_off(t, args, echo, noecho, "echo"); }
static Value nl_(Thread *t, Value *args) { return on_or_off(t, args, nl, nonl, "nl"); }
static Value raw_(Thread *t, Value *args) { return on_or_off(t, args, raw, noraw, "raw"); }
static Value can_change_color_(Thread *t, Value *args) { return is_so(t, can_change_color); }
static Value has_colors_(Thread *t, Value *args) { return is_so(t, has_colors); }
static Value has_ic_(Thread *t, Value *args) { return is_so(t, has_ic); }
static Value has_il_(Thread *t, Value *args) { return is_so(t, has_il); }
static Value isendwin_(Thread *t, Value *args) { return is_so(t, isendwin); }
static Value flushinp_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    LIBRARY(t, flushinp());
    return NONE;
}
static Value noqiflush_(Thread *t, Value *args) { return simple_void(t, noqiflush); }
static Value qiflush_(Thread *t, Value *args) {
    bool flag;
    CHECK(as_bool(t, args[0], &flag));
    return simple_void(t, flag ? qiflush : noqiflush);
}
static Value typeahead_(Thread *t, Value *args) { return with_int(t, args[0], typeahead, "typeahead"); }
static Value delay_output_(Thread *t, Value *args) { return with_int(t, args[0], delay_output, "delay_output"); }
static Value mouseinterval_(Thread *t, Value *args) { return with_int(t, args[0], mouseinterval, "mouseinterval"); }

static Value halfdelay_(Thread *t, Value *args) {
    int64_t tenths;
    CHECK(as_c_long(t, args[0], &tenths));
    if (tenths != (uint8_t)tenths)
        return raise_overflow_error(t, "unsigned byte integer is %s", tenths < 0 ? "less than minimum" : "greater than maximum");
    CHECK(curses_initialised(t));
    return curses_result(t, LIBRARY(t, halfdelay((int)tenths)), "halfdelay");
}
static Value intrflush_(Thread *t, Value *args) {
    bool flag;
    CHECK(as_bool(t, args[0], &flag) && curses_initialised(t));
    return curses_result(t, LIBRARY(t, intrflush(NULL, flag)), "intrflush");
}
static Value meta_(Thread *t, Value *args) {
    bool flag;
    CHECK(as_bool(t, args[0], &flag) && curses_initialised(t));
    return curses_result(t, LIBRARY(t, meta(stdscr, flag)), "meta");
}

/* Before the screen is set up */

static Value filter_(Thread *t, Value *args) {
    curses_enter(t);
    filter();
    curses_leave(t);
    return NONE;
}
static Value use_env_(Thread *t, Value *args) {
    bool flag;
    CHECK(as_bool(t, args[0], &flag));
    curses_enter(t);
    use_env(flag);
    curses_leave(t);
    return NONE;
}

/* A text without NUL; out NULL with an exception pending otherwise. */
static const char *text_argument(Thread *t, Value v, const char *function, const char *wanted) {
    size_t length;
    if (!is_str(v)) {
        raise_type_error(t, "%s must be %s, not %Y", function, wanted, v);
        return NULL;
    }
    const char *text = str_utf8(t, v, &length);
    if (text && strlen(text) == length)
        return text;
    if (text)
        raise_value_error(t, "embedded null character");
    return NULL;
}

static bool standard_output(Thread *t, int *fd) {
    Value out = dict_get_text(t, t->isolate->sys_dict, "stdout");
    if (absent(out) || is_none(out)) {
        raise_error(t, as_type(curses_state(t, CURSES_ERROR)), "lost sys.stdout");
        return false;
    }
    return as_fd(t, out, fd);
}

static Value setupterm_(Thread *t, Value *args) {
    int fd, error = 0;
    const char *term = NULL;
    if (!is_none(args[0])) {
        term = text_argument(t, args[0], "setupterm() argument 'term'", "str or None");
        CHECK(term != NULL);
    }
    CHECK(curses_int(t, args[1], &fd) && curses_allowed(t));
    CHECK(fd != -1 || standard_output(t, &fd));
    curses_enter(t);
    bool ok = curses_progress.setupterm || setupterm(term, fd, &error) != ERR;
    if (ok)
        store_relaxed(&curses_progress.setupterm, true);
    curses_leave(t);
    if (ok)
        return NONE;
    return raise_error(t, as_type(curses_state(t, CURSES_ERROR)), "setupterm: %s",
                       error == 0    ? "could not find terminal"
                       : error == -1 ? "could not find terminfo database"
                                     : "unknown error");
}

/* What is known of the terminal */

static Value baudrate_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    return int_from(t, LIBRARY(t, baudrate()));
}
static Value termattrs_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    return int_from(t, (int64_t)LIBRARY(t, termattrs()));
}
static Value longname_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    return bytes_from_text(t, LIBRARY(t, longname()));
}
static Value termname_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    return bytes_from_text(t, LIBRARY(t, termname()));
}
static Value erasechar_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    char c = LIBRARY(t, erasechar());
    return bytes_new(t, &c, 1);
}
static Value killchar_(Thread *t, Value *args) {
    char c = LIBRARY(t, killchar());
    return bytes_new(t, &c, 1);
}

static Value terminfo_number(Thread *t, Value v, const char *function, int (*ask)(const char *)) {
    const char *name = text_argument(t, v, function, "str");
    CHECK(name != NULL && curses_has_terminal(t));
    return small_int(LIBRARY(t, ask(name)));
}
static Value tigetflag_(Thread *t, Value *args) { return terminfo_number(t, args[0], "tigetflag() argument", tigetflag); }
static Value tigetnum_(Thread *t, Value *args) { return terminfo_number(t, args[0], "tigetnum() argument", tigetnum); }
static Value tigetstr_(Thread *t, Value *args) {
    const char *name = text_argument(t, args[0], "tigetstr() argument", "str");
    CHECK(name != NULL && curses_has_terminal(t));
    const char *text = LIBRARY(t, tigetstr(name));
    return text && text != (char *)-1 ? bytes_from_text(t, text) : NONE;
}

/* Bytes of a capability, which the C library takes to the first NUL. */
static bool capability_argument(Thread *t, Value v, Buffer *b) {
    if (!has_buffer(v)) {
        raise_type_error(t, "a bytes-like object is required, not '%T'", v);
        return false;
    }
    if (!buffer_get_contiguous(t, v, b, false))
        return false;
    if (!memchr(b->data, 0, b->length))
        return true;
    buffer_release(t, b);
    raise_value_error(t, "embedded null byte");
    return false;
}

/* The library's result lies in a buffer of its own. */
static char *copy_of_tparm(const char *text, const int *p) {
    const char *made = tparm(text, (long)p[0], (long)p[1], (long)p[2], (long)p[3], (long)p[4], (long)p[5], (long)p[6], (long)p[7],
                             (long)p[8]);
    return made ? strdup(made) : NULL;
}

static char *terminated(const Buffer *b) { return strndup(b->data, b->length); }

static Value tparm_(Thread *t, Value *args) {
    Buffer b;
    int p[9];
    CHECK(capability_argument(t, args[0], &b));
    char *text = terminated(&b);
    buffer_release(t, &b);
    bool ok = text != NULL;
    if (!text)
        raise_no_memory(t);
    for (int i = 0; ok && i < 9; i++)
        ok = as_c_int(t, args[1 + i], &p[i]);
    ok = ok && curses_has_terminal(t);
    char *made = ok ? LIBRARY(t, copy_of_tparm(text, p)) : NULL;
    free(text);
    CHECK(ok);
    if (!made)
        return raise_error(t, as_type(curses_state(t, CURSES_ERROR)), "tparm() returned NULL");
    Value result = bytes_from_text(t, made);
    free(made);
    return result;
}

static Value putp_(Thread *t, Value *args) {
    Buffer b;
    CHECK(capability_argument(t, args[0], &b));
    char *text = terminated(&b);
    buffer_release(t, &b);
    if (!text)
        return raise_no_memory(t);
    Value result = curses_allowed(t) ? curses_result(t, LIBRARY(t, putp(text)), "putp") : NO_VALUE;
    free(text);
    return result;
}

/* Keys and the mouse */

static Value copied_name(Thread *t, const char *name) {
    Value bytes = name ? bytes_from_text(t, name) : NO_VALUE;
    free((char *)name);
    return bytes;
}
static char *copy_or_nothing(const char *text) { return strdup(text ? text : ""); }

static Value keyname_(Thread *t, Value *args) {
    int key;
    CHECK(curses_int(t, args[0], &key) && curses_initialised(t));
    if (key < 0)
        return raise_value_error(t, "invalid key number");
    char *name = LIBRARY(t, copy_or_nothing(keyname(key)));
    return name ? copied_name(t, name) : raise_no_memory(t);
}
static Value has_key_(Thread *t, Value *args) {
    int key;
    CHECK(curses_int(t, args[0], &key) && curses_initialised(t));
    return from_bool(LIBRARY(t, has_key(key)));
}

static Value screen_encoding(Thread *t) {
    Value encoding = curses_state(t, CURSES_ENCODING);
    return is_str(encoding) ? encoding : str_from_text(t, "utf-8");
}
static Value unctrl_(Thread *t, Value *args) {
    chtype c;
    CHECK(curses_initialised(t) && curses_chtype(t, TRY(screen_encoding(t)), args[0], &c));
    char *name = LIBRARY(t, copy_or_nothing(unctrl(c)));
    return name ? copied_name(t, name) : raise_no_memory(t);
}
static Value ungetch_(Thread *t, Value *args) {
    chtype c;
    CHECK(curses_initialised(t) && curses_chtype(t, TRY(screen_encoding(t)), args[0], &c));
    return curses_result(t, LIBRARY(t, ungetch((int)c)), "ungetch");
}
static Value unget_wch_(Thread *t, Value *args) {
    wchar_t c;
    CHECK(curses_initialised(t) && curses_wide_character(t, args[0], &c));
    return curses_result(t, LIBRARY(t, unget_wch(c)), "unget_wch");
}

static bool mask_argument(Thread *t, Value v, const char *argument, mmask_t *out) {
    if (!is_int(v)) {
        raise_type_error(t, "%s must be int, not %Y", argument, v);
        return false;
    }
    *out = (mmask_t)int_mask_u64(v);
    return true;
}
static Value mousemask_(Thread *t, Value *args) {
    mmask_t mask, old;
    CHECK(mask_argument(t, args[0], "mousemask() argument", &mask) && curses_initialised(t));
    mmask_t now = LIBRARY(t, mousemask(mask, &old));
    return tuple_pack(t, 2, small_int(now), small_int(old));
}
static Value getmouse_(Thread *t, Value *args) {
    MEVENT e;
    CHECK(curses_initialised(t));
    if (LIBRARY(t, getmouse(&e)) == ERR)
        return curses_error(t, "getmouse");
    return tuple_pack(t, 5, small_int(e.id), small_int(e.x), small_int(e.y), small_int(e.z), small_int(e.bstate));
}
static Value ungetmouse_(Thread *t, Value *args) {
    MEVENT e;
    int id;
    CHECK(curses_short(t, args[0], &id) && curses_int(t, args[1], &e.x) && curses_int(t, args[2], &e.y) &&
          curses_int(t, args[3], &e.z) && mask_argument(t, args[4], "ungetmouse() argument 5", &e.bstate) && curses_initialised(t));
    e.id = (short)id;
    return curses_result(t, LIBRARY(t, ungetmouse(&e)), "ungetmouse");
}

/* Settings */

static Value get_escdelay_(Thread *t, Value *args) { return int_from(t, LIBRARY(t, ESCDELAY)); }
static Value get_tabsize_(Thread *t, Value *args) { return int_from(t, LIBRARY(t, TABSIZE)); }
static Value set_positive(Thread *t, Value v, const char *argument, int (*set)(int), const char *name) {
    int n;
    CHECK(curses_int(t, v, &n));
    if (n <= 0)
        return raise_value_error(t, "%s must be > 0", argument);
    return curses_result(t, LIBRARY(t, set(n)), name);
}
static Value set_escdelay_(Thread *t, Value *args) { return set_positive(t, args[0], "ms", set_escdelay, "set_escdelay"); }
static Value set_tabsize_(Thread *t, Value *args) { return set_positive(t, args[0], "size", set_tabsize, "set_tabsize"); }

static Value curs_set_(Thread *t, Value *args) {
    int visibility;
    CHECK(curses_int(t, args[0], &visibility) && curses_initialised(t));
    int before = LIBRARY(t, curs_set(visibility));
    return before == ERR ? curses_error(t, "curs_set") : small_int(before);
}
static Value napms_(Thread *t, Value *args) {
    int ms;
    CHECK(curses_int(t, args[0], &ms) && curses_initialised(t));
    return small_int(LIBRARY(t, napms(ms)));
}

static Value getsyx_(Thread *t, Value *args) {
    int y = 0, x = 0;
    CHECK(curses_initialised(t));
    curses_enter(t);
    getsyx(y, x);
    curses_leave(t);
    return tuple_pack(t, 2, small_int(y), small_int(x));
}
static Value setsyx_(Thread *t, Value *args) {
    int y, x;
    CHECK(curses_int(t, args[0], &y) && curses_int(t, args[1], &x) && curses_initialised(t));
    curses_enter(t);
    setsyx(y, x);
    curses_leave(t);
    return NONE;
}

static Value is_term_resized_(Thread *t, Value *args) {
    int lines, columns;
    CHECK(curses_int(t, args[0], &lines) && curses_int(t, args[1], &columns) && curses_initialised(t));
    return from_bool(LIBRARY(t, is_term_resized(lines, columns)));
}
static Value resize_by(Thread *t, Value *args, int (*resize)(int, int), const char *name) {
    int lines, columns;
    CHECK(curses_short(t, args[0], &lines) && curses_short(t, args[1], &columns) && curses_initialised(t));
    CHECK(present(curses_result(t, LIBRARY(t, resize(lines, columns)), name)) && curses_update_size(t));
    return NONE;
}
static Value resize_term_(Thread *t, Value *args) { return resize_by(t, args, resize_term, "resize_term"); }
static Value resizeterm_(Thread *t, Value *args) { return resize_by(t, args, resizeterm, "resizeterm"); }

/* Colors */

static Value color_content_(Thread *t, Value *args) {
    int number, r, g, b;
    CHECK(curses_color(t, args[0], 0, &number) && curses_has_colors(t));
    if (LIBRARY(t, extended_color_content(number, &r, &g, &b)) == ERR)
        return curses_error(t, "extended_color_content");
    return tuple_pack(t, 3, small_int(r), small_int(g), small_int(b));
}
static Value init_color_(Thread *t, Value *args) {
    int number, r, g, b;
    CHECK(curses_color(t, args[0], 0, &number) && curses_color_component(t, args[1], &r) &&
          curses_color_component(t, args[2], &g) && curses_color_component(t, args[3], &b) && curses_has_colors(t));
    return curses_result(t, LIBRARY(t, init_extended_color(number, r, g, b)), "init_extended_color");
}
/* A pair that the library refuses. */
static Value no_pair(Thread *t, int number, const char *function) {
    int pairs = LIBRARY(t, COLOR_PAIRS);
    if (number < pairs)
        return curses_error(t, function);
    return raise_value_error(t, "Color pair is greater than COLOR_PAIRS-1 (%d).", pairs - 1);
}
static Value init_pair_(Thread *t, Value *args) {
    int number, foreground, background;
    CHECK(curses_color_pair(t, args[0], &number) && curses_color(t, args[1], -1, &foreground) &&
          curses_color(t, args[2], -1, &background) && curses_has_colors(t));
    return LIBRARY(t, init_extended_pair(number, foreground, background)) == ERR ? no_pair(t, number, "init_extended_pair") : NONE;
}
static Value pair_content_(Thread *t, Value *args) {
    int number, foreground, background;
    CHECK(curses_color_pair(t, args[0], &number) && curses_has_colors(t));
    if (LIBRARY(t, extended_pair_content(number, &foreground, &background)) == ERR)
        return no_pair(t, number, "extended_pair_content");
    return tuple_pack(t, 2, small_int(foreground), small_int(background));
}
static Value color_pair_(Thread *t, Value *args) {
    int number;
    CHECK(curses_int(t, args[0], &number) && curses_has_colors(t));
    return int_from(t, (int64_t)(unsigned)COLOR_PAIR(number));
}
static Value pair_number_(Thread *t, Value *args) {
    int attr;
    CHECK(curses_int(t, args[0], &attr) && curses_has_colors(t));
    return int_from(t, PAIR_NUMBER(attr));
}
static Value assume_default_colors_(Thread *t, Value *args) {
    int foreground, background;
    CHECK(curses_int(t, args[0], &foreground) && curses_int(t, args[1], &background) && curses_has_colors(t));
    return curses_result(t, LIBRARY(t, assume_default_colors(foreground, background)), "assume_default_colors");
}
static Value use_default_colors_(Thread *t, Value *args) {
    CHECK(curses_has_colors(t));
    return curses_result(t, LIBRARY(t, use_default_colors()), "use_default_colors");
}
static Value has_extended_color_support_(Thread *t, Value *args) { return from_bool(true); }

/* Windows */

static Value newpad_(Thread *t, Value *args) {
    int lines, columns;
    CHECK(curses_int(t, args[0], &lines) && curses_int(t, args[1], &columns) && curses_initialised(t));
    return curses_window_new(t, LIBRARY(t, newpad(lines, columns)), NO_VALUE, NO_VALUE);
}
static Value newwin_(Thread *t, Value *args) {
    int lines, columns, y = 0, x = 0;
    size_t count = tuple_length(args[0]);
    if (count != 2 && count != 4)
        return raise_type_error(t, "_curses.newwin requires 2 to 4 arguments");
    CHECK(curses_parse(t, args[0], count == 4 ? "iiii" : "ii", &lines, &columns, &y, &x) && curses_initialised(t));
    return curses_window_new(t, LIBRARY(t, newwin(lines, columns, y, x)), NO_VALUE, NO_VALUE);
}

static WINDOW *get_from_memory(const BytesObject *data) {
    FILE *f = fmemopen((char *)data->data, data->length, "rb");
    WINDOW *w = f ? getwin(f) : NULL;
    if (f)
        fclose(f);
    return w;
}
static Value getwin_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    Value data = TRY(call_method_0(t, args[0], TRY(str_intern_text(t, "read"))));
    if (!is_bytes(data))
        return raise_type_error(t, "f.read() returned %.100s instead of bytes", type_of(data)->name_text);
    WINDOW *w = LIBRARY(t, get_from_memory(as_bytes(data)));
    keep_alive(as_object(data));
    return curses_window_new(t, w, NO_VALUE, NO_VALUE);
}

const NativeDef curses_functions[] = {
    {"assume_default_colors(fg, bg, /)", assume_default_colors_,
     "Allow use of default values for colors on terminals supporting this feature.\n\n"
     "Assign terminal default foreground/background colors to color number -1.\n"
     "Change the definition of the color-pair 0 to (fg, bg).\n\nUse this to support transparency in your application."},
    {"baudrate()", baudrate_, "Return the output speed of the terminal in bits per second."},
    {"beep()", beep_, "Emit a short attention sound."},
    {"can_change_color()", can_change_color_, "Return True if the programmer can change the colors displayed by the terminal."},
    {"cbreak(flag=True, /)", cbreak_,
     "Enter cbreak mode.\n\n  flag\n    If false, the effect is the same as calling nocbreak().\n\n"
     "In cbreak mode (sometimes called \"rare\" mode) normal tty line buffering\n"
     "is turned off and characters are available to be read one by one.\n"
     "However, unlike raw mode, special characters (interrupt, quit, suspend,\n"
     "and flow control) retain their effects on the tty driver and calling\n"
     "program.  Calling first raw() then cbreak() leaves the terminal in\ncbreak mode."},
    {"color_content(color_number, /)", color_content_,
     "Return the red, green, and blue (RGB) components of the specified color.\n\n  color_number\n"
     "    The number of the color (0 - (COLORS-1)).\n\nA 3-tuple is returned, containing the R, G, B values for the given\n"
     "color, which will be between 0 (no component) and 1000 (maximum amount\nof component)."},
    {"color_pair(pair_number, /)", color_pair_,
     "Return the attribute value for displaying text in the specified color.\n\n  pair_number\n"
     "    The number of the color pair.\n\nThis attribute value can be combined with A_STANDOUT, A_REVERSE, and the\n"
     "other A_* attributes.  pair_number() is the counterpart to this\nfunction."},
    {"curs_set(visibility, /)", curs_set_,
     "Set the cursor state.\n\n  visibility\n    0 for invisible, 1 for normal visible, or 2 for very visible.\n\n"
     "If the terminal supports the visibility requested, the previous cursor\n"
     "state is returned; otherwise, an exception is raised.  On many\n"
     "terminals, the \"visible\" mode is an underline cursor and the \"very\nvisible\" mode is a block cursor."},
    {"def_prog_mode()", def_prog_mode_,
     "Save the current terminal mode as the \"program\" mode.\n\n"
     "The \"program\" mode is the mode when the running program is using curses.\n\n"
     "Subsequent calls to reset_prog_mode() will restore this mode."},
    {"def_shell_mode()", def_shell_mode_,
     "Save the current terminal mode as the \"shell\" mode.\n\n"
     "The \"shell\" mode is the mode when the running program is not using\ncurses.\n\n"
     "Subsequent calls to reset_shell_mode() will restore this mode."},
    {"delay_output(ms, /)", delay_output_, "Insert a pause in output.\n\n  ms\n    Duration in milliseconds."},
    {"doupdate()", doupdate_, "Update the physical screen to match the virtual screen."},
    {"echo(flag=True, /)", echo_,
     "Enter echo mode.\n\n  flag\n    If false, the effect is the same as calling noecho().\n\n"
     "In echo mode, each character input is echoed to the screen as it is\nentered."},
    {"endwin()", endwin_, "De-initialize the library, and return terminal to normal status."},
    {"erasechar()", erasechar_, "Return the user's current erase character."},
    {"filter()", filter_,
     "Restrict screen updates to the current line.\n\nMust be called before initscr().  Afterwards curses confines the cursor\n"
     "and screen updates to a single line, which is useful for enabling\n"
     "character-at-a-time line editing without touching the rest of the\nscreen."},
    {"flash()", flash_,
     "Flash the screen.\n\nThat is, change it to reverse-video and then change it back in a short\ninterval."},
    {"flushinp()", flushinp_,
     "Flush all input buffers.\n\nThis throws away any typeahead that has been typed by the user and has\n"
     "not yet been processed by the program."},
    {"get_escdelay()", get_escdelay_,
     "Gets the curses ESCDELAY setting.\n\nGets the number of milliseconds to wait after reading an escape\n"
     "character, to distinguish between an individual escape character entered\n"
     "on the keyboard from escape sequences sent by cursor and function keys."},
    {"get_tabsize()", get_tabsize_,
     "Gets the curses TABSIZE setting.\n\nGets the number of columns used by the curses library when converting\n"
     "a tab character to spaces as it adds the tab to a window."},
    {"getmouse()", getmouse_,
     "Retrieve the queued mouse event.\n\nAfter getch() returns KEY_MOUSE to signal a mouse event, this function\n"
     "returns a 5-tuple (id, x, y, z, bstate)."},
    {"getsyx()", getsyx_,
     "Return the current coordinates of the virtual screen cursor.\n\n"
     "Return a (y, x) tuple.  If leaveok is currently true, return (-1, -1)."},
    {"getwin(file, /)", getwin_,
     "Read window related data stored in the file by an earlier putwin() call.\n\n"
     "The routine then creates and initializes a new window using that data,\nreturning the new window object."},
    {"halfdelay(tenths, /)", halfdelay_,
     "Enter half-delay mode.\n\n  tenths\n    Maximal blocking delay in tenths of seconds (1 - 255).\n\n"
     "Use nocbreak() to leave half-delay mode."},
    {"has_colors()", has_colors_, "Return True if the terminal can display colors; otherwise, return False."},
    {"has_extended_color_support()", has_extended_color_support_,
     "Return True if the module supports extended colors; otherwise, return False.\n\n"
     "Extended color support allows more than 256 color-pairs for terminals\n"
     "that support more than 16 colors (e.g. xterm-256color)."},
    {"has_ic()", has_ic_, "Return True if the terminal has insert- and delete-character capabilities."},
    {"has_il()", has_il_, "Return True if the terminal has insert- and delete-line capabilities."},
    {"has_key(key, /)", has_key_,
     "Return True if the current terminal type recognizes a key with that value.\n\n  key\n    Key number."},
    {"init_color(color_number, r, g, b, /)", init_color_,
     "Change the definition of a color.\n\n  color_number\n    The number of the color to be changed (0 - (COLORS-1)).\n  r\n"
     "    Red component (0 - 1000).\n  g\n    Green component (0 - 1000).\n  b\n    Blue component (0 - 1000).\n\n"
     "When init_color() is used, all occurrences of that color on the screen\n"
     "immediately change to the new definition.  This function is a no-op on\n"
     "most terminals; it is active only if can_change_color() returns true."},
    {"init_pair(pair_number, fg, bg, /)", init_pair_,
     "Change the definition of a color-pair.\n\n  pair_number\n"
     "    The number of the color-pair to be changed (1 - (COLOR_PAIRS-1)).\n  fg\n"
     "    Foreground color number (-1 - (COLORS-1)).\n  bg\n    Background color number (-1 - (COLORS-1)).\n\n"
     "If the color-pair was previously initialized, the screen is refreshed\n"
     "and all occurrences of that color-pair are changed to the new\ndefinition."},
    {"initscr()", curses_initscr, "Initialize the library.\n\nReturn a WindowObject which represents the whole screen."},
    {"intrflush(flag, /)", intrflush_,
     "Control flushing of the output buffer when an interrupt key is pressed.\n\n"
     "If flag is true, pressing an interrupt key (interrupt, break, or quit)\n"
     "flushes all output in the terminal driver queue.  If flag is false, no\nflushing is done."},
    {"is_term_resized(nlines, ncols, /)", is_term_resized_,
     "Return True if resize_term() would modify the window structure, False otherwise.\n\n  nlines\n    Height.\n  ncols\n"
     "    Width."},
    {"isendwin()", isendwin_, "Return True if endwin() has been called."},
    {"keyname(key, /)", keyname_, "Return the name of specified key.\n\n  key\n    Key number."},
    {"killchar()", killchar_, "Return the user's current line kill character."},
    {"longname()", longname_,
     "Return the terminfo long name field describing the current terminal.\n\n"
     "The maximum length of a verbose description is 128 characters.  It is\ndefined only after the call to initscr()."},
    {"meta(yes, /)", meta_,
     "Enable/disable meta keys.\n\nIf yes is True, allow 8-bit characters to be input.  If yes is False,\n"
     "allow only 7-bit characters."},
    {"mouseinterval(interval, /)", mouseinterval_,
     "Set and retrieve the maximum time between press and release in a click.\n\n  interval\n    Time in milliseconds.\n\n"
     "Set the maximum time that can elapse between press and release events in\n"
     "order for them to be recognized as a click, and return the previous\ninterval value."},
    {"mousemask(newmask, /)", mousemask_,
     "Set the mouse events to be reported, and return (availmask, oldmask).\n\n"
     "Return a tuple (availmask, oldmask).  availmask indicates which of the\n"
     "specified mouse events can be reported; on complete failure it returns\n"
     "0.  oldmask is the previous value of the mouse event mask.  If this\n"
     "function is never called, no mouse events are ever reported."},
    {"napms(ms, /)", napms_, "Sleep for specified time.\n\n  ms\n    Duration in milliseconds."},
    {"newpad(nlines, ncols, /)", newpad_,
     "Create and return a pointer to a new pad data structure.\n\n  nlines\n    Height.\n  ncols\n    Width."},
    {"newwin(*args)", newwin_,
     "newwin(nlines, ncols, [begin_y=0, begin_x=0])\nReturn a new window.\n\n  nlines\n    Height.\n  ncols\n    Width.\n"
     "  begin_y\n    Top side y-coordinate.\n  begin_x\n    Left side x-coordinate.\n\n"
     "By default, the window will extend from the specified position to the\nlower right corner of the screen.",
     NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS | NATIVE_BORROWS_STAR},
    {"nl(flag=True, /)", nl_,
     "Enter newline mode.\n\n  flag\n    If false, the effect is the same as calling nonl().\n\n"
     "This mode translates the return key into newline on input, and\n"
     "translates newline into return and line-feed on output.  Newline mode\nis initially on."},
    {"nocbreak()", nocbreak_, "Leave cbreak mode.\n\nReturn to normal \"cooked\" mode with line buffering."},
    {"noecho()", noecho_, "Leave echo mode.\n\nEchoing of input characters is turned off."},
    {"nonl()", nonl_,
     "Leave newline mode.\n\nDisable translation of return into newline on input, and disable\n"
     "low-level translation of newline into newline/return on output."},
    {"noqiflush()", noqiflush_,
     "Disable queue flushing.\n\nWhen queue flushing is disabled, normal flush of input and output queues\n"
     "associated with the INTR, QUIT and SUSP characters will not be done."},
    {"noraw()", noraw_, "Leave raw mode.\n\nReturn to normal \"cooked\" mode with line buffering."},
    {"pair_content(pair_number, /)", pair_content_,
     "Return a tuple (fg, bg) containing the colors for the requested color pair.\n\n  pair_number\n"
     "    The number of the color pair (0 - (COLOR_PAIRS-1))."},
    {"pair_number(attr, /)", pair_number_,
     "Return the number of the color-pair set by the specified attribute value.\n\n"
     "color_pair() is the counterpart to this function."},
    {"putp(string, /)", putp_,
     "Emit the value of a specified terminfo capability for the current terminal.\n\n"
     "Note that the output of putp() always goes to standard output."},
    {"qiflush(flag=True, /)", qiflush_,
     "Enable queue flushing.\n\n  flag\n    If false, the effect is the same as calling noqiflush().\n\n"
     "If queue flushing is enabled, all output in the display driver queue\n"
     "will be flushed when the INTR, QUIT and SUSP characters are read."},
    {"raw(flag=True, /)", raw_,
     "Enter raw mode.\n\n  flag\n    If false, the effect is the same as calling noraw().\n\n"
     "In raw mode, normal line buffering and processing of interrupt, quit,\n"
     "suspend, and flow control keys are turned off; characters are presented\nto curses input functions one by one."},
    {"reset_prog_mode()", reset_prog_mode_,
     "Restore the terminal to \"program\" mode, as previously saved by def_prog_mode()."},
    {"reset_shell_mode()", reset_shell_mode_,
     "Restore the terminal to \"shell\" mode, as previously saved by def_shell_mode()."},
    {"resetty()", resetty_, "Restore terminal mode."},
    {"resize_term(nlines, ncols, /)", resize_term_,
     "Backend function used by resizeterm(), performing most of the work.\n\n  nlines\n    Height.\n  ncols\n    Width.\n\n"
     "When resizing the windows, resize_term() blank-fills the areas that are\n"
     "extended.  The calling application should fill in these areas with\n"
     "appropriate data.  The resize_term() function attempts to resize all\n"
     "windows.  However, due to the calling convention of pads, it is not\n"
     "possible to resize these without additional interaction with the\napplication."},
    {"resizeterm(nlines, ncols, /)", resizeterm_,
     "Resize the standard and current windows to the specified dimensions.\n\n  nlines\n    Height.\n  ncols\n    Width.\n\n"
     "Adjusts other bookkeeping data used by the curses library that record\n"
     "the window dimensions (in particular the SIGWINCH handler)."},
    {"savetty()", savetty_, "Save terminal mode."},
    {"set_escdelay(ms, /)", set_escdelay_,
     "Sets the curses ESCDELAY setting.\n\n  ms\n    length of the delay in milliseconds.\n\n"
     "Sets the number of milliseconds to wait after reading an escape\n"
     "character, to distinguish between an individual escape character entered\n"
     "on the keyboard from escape sequences sent by cursor and function keys."},
    {"set_tabsize(size, /)", set_tabsize_,
     "Sets the curses TABSIZE setting.\n\n  size\n    rendered cell width of a tab character.\n\n"
     "Sets the number of columns used by the curses library when converting\n"
     "a tab character to spaces as it adds the tab to a window."},
    {"setsyx(y, x, /)", setsyx_,
     "Set the virtual screen cursor.\n\n  y\n    Y-coordinate.\n  x\n    X-coordinate.\n\n"
     "If y and x are both -1, then leaveok is set."},
    {"setupterm(term=None, fd=-1)", setupterm_,
     "Initialize the terminal.\n\n  term\n    Terminal name.\n"
     "    If omitted, the value of the TERM environment variable will be used.\n  fd\n"
     "    File descriptor to which any initialization sequences will be sent.\n"
     "    If not supplied, the file descriptor for sys.stdout will be used."},
    {"start_color()", curses_start_color,
     "Initializes eight basic colors and global variables COLORS and COLOR_PAIRS.\n\n"
     "Must be called if the programmer wants to use colors, and before any\n"
     "other color manipulation routine is called.  It is good practice to call\nthis routine right after initscr().\n\n"
     "It also restores the colors on the terminal to the values they had when\nthe terminal was just turned on."},
    {"termattrs()", termattrs_, "Return a logical OR of all video attributes supported by the terminal."},
    {"termname()", termname_, "Return the value of the environment variable TERM, truncated to 14 characters."},
    {"tigetflag(capname, /)", tigetflag_,
     "Return the value of the Boolean capability.\n\n  capname\n    The terminfo capability name.\n\n"
     "The value -1 is returned if capname is not a Boolean capability, or 0 if\n"
     "it is canceled or absent from the terminal description."},
    {"tigetnum(capname, /)", tigetnum_,
     "Return the value of the numeric capability.\n\n  capname\n    The terminfo capability name.\n\n"
     "The value -2 is returned if capname is not a numeric capability, or -1\n"
     "if it is canceled or absent from the terminal description."},
    {"tigetstr(capname, /)", tigetstr_,
     "Return the value of the string capability.\n\n  capname\n    The terminfo capability name.\n\n"
     "None is returned if capname is not a string capability, or is canceled\nor absent from the terminal description."},
    {"tparm(str, i1=0, i2=0, i3=0, i4=0, i5=0, i6=0, i7=0, i8=0, i9=0, /)", tparm_,
     "Instantiate the specified byte string with the supplied parameters.\n\n  str\n"
     "    Parameterized byte string obtained from the terminfo database.", NATIVE_COUNTS_ARGUMENTS},
    {"typeahead(fd, /)", typeahead_,
     "Specify that the file descriptor fd be used for typeahead checking.\n\n  fd\n    File descriptor.\n\n"
     "If fd is -1, then no typeahead checking is done."},
    {"unctrl(ch, /)", unctrl_,
     "Return a bytes object which is a printable representation of ch.\n\n"
     "Control characters are displayed as a caret followed by the\n"
     "character, for example as ^C.  Printing characters are left as they\nare.  Any attributes and color pair are ignored."},
    {"unget_wch(ch, /)", unget_wch_, "Push ch so the next get_wch() will return it."},
    {"ungetch(ch, /)", ungetch_, "Push ch so the next getch() will return it."},
    {"ungetmouse(id, x, y, z, bstate, /)", ungetmouse_,
     "Push a KEY_MOUSE event onto the input queue.\n\nThe following getmouse() will return the given state data."},
    {"update_lines_cols()", curses_update_lines_cols,
     "Update the LINES and COLS module variables.\n\nThis is useful for detecting manual screen resize."},
    {"use_default_colors()", use_default_colors_, "Equivalent to assume_default_colors(-1, -1)."},
    {"use_env(flag, /)", use_env_,
     "Use environment variables LINES and COLUMNS.\n\nIf used, this function should be called before initscr() or newterm()\n"
     "are called.\n\nWhen flag is False, the values of lines and columns specified in the\n"
     "terminfo database will be used, even if environment variables LINES and\n"
     "COLUMNS (used by default) are set, or if curses is running in a window\n"
     "(in which case default behavior would be to use the window size if LINES\nand COLUMNS are not set)."},
    {NULL},
};
