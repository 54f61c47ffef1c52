/* _curses.window: a part of the screen, or a pad. Threads: curses.h. */
#include "modules/_curses/curses.h"

#include "object/call.h"

#include <langinfo.h>
#include <stdlib.h>

static WindowObject *as_window(Value v) { return (WindowObject *)v.bits; }
static Value encoding_of(Value v) { return load(&as_window(v)->encoding); }

static void trace_window(Tracer *tracer, Object *o) { trace_values(tracer, &((WindowObject *)o)->encoding, 2); }

static void release(Object *o) {
    WindowObject *w = (WindowObject *)o;
    if (w->handle) {
        curses_handle_drop(w->handle);
        heap_external_memory_gone(o, w->weight);
    }
    w->handle = NULL;
}

/* Bytes, about: a part of a window has only its lines. */
static size_t weight_of(WINDOW *w, bool part) {
    return (size_t)getmaxy(w) * (part ? sizeof(void *) : (size_t)getmaxx(w) * sizeof(cchar_t));
}

Value curses_window_new(Thread *t, WINDOW *window, Value encoding, Value parent) {
    if (!window)
        return curses_null(t);
    WindowHandle *h = calloc(1, sizeof *h);
    if (!h)
        return raise_no_memory(t);
    h->window = window;
    h->holders = 1;
    const char *codeset = nl_langinfo(CODESET);
    if (absent(encoding))
        encoding = str_from_text(t, codeset && *codeset ? codeset : "utf-8");
    WindowObject *w = present(encoding) ? heap_allocate_finalizable(t, &curses_window_type, sizeof *w) : NULL;
    if (!w) {
        curses_handle_drop(h);
        return NO_VALUE;
    }
    w->handle = h;
    w->weight = LIBRARY(t, weight_of(window, present(parent)));
    heap_external_memory(t, (ptrdiff_t)w->weight);
    store(w, &w->encoding, encoding);
    store(w, &w->parent, parent);
    return from_object(w);
}

/* What several methods are: a call of the library with the window and nothing else, a flag, or a place. */

static Value simple(Thread *t, Value *args, int (*function)(WINDOW *), const char *name) {
    return curses_result(t, LIBRARY(t, function(window_of(args[0]))), name);
}
static Value simple_void(Thread *t, Value *args, void (*function)(WINDOW *)) {
    curses_enter(t);
    function(window_of(args[0]));
    curses_leave(t);
    return NONE;
}

/* Methods with one or two numbers count their arguments themselves: their only word for a wrong number is what these mean. */
static bool counted(Thread *t, Value *args, int wanted, const char *meaning) {
    if (small_int_value(args[1 + wanted]) == wanted)
        return true;
    raise_type_error(t, "%s", meaning);
    return false;
}
static const char flag_meaning[] = "True(1) or False(0)";

static Value number(Thread *t, Value *args, const char *meaning, int (*function)(WINDOW *, int), const char *name) {
    int n;
    CHECK(counted(t, args, 1, meaning) && as_c_int(t, args[1], &n));
    return curses_result(t, LIBRARY(t, function(window_of(args[0]), n)), name);
}
static Value flag(Thread *t, Value *args, int (*function)(WINDOW *, bool), const char *name) {
    int n;
    CHECK(counted(t, args, 1, flag_meaning) && as_c_int(t, args[1], &n));
    return curses_result(t, LIBRARY(t, function(window_of(args[0]), n)), name);
}
static Value flag_void(Thread *t, Value *args, void (*function)(WINDOW *, bool)) {
    int n;
    CHECK(counted(t, args, 1, flag_meaning) && as_c_int(t, args[1], &n));
    curses_enter(t);
    function(window_of(args[0]), n);
    curses_leave(t);
    return NONE;
}
static Value place(Thread *t, Value *args, const char *meaning, int (*function)(WINDOW *, int, int), const char *name) {
    int y, x;
    CHECK(counted(t, args, 2, meaning) && as_c_int(t, args[1], &y) && as_c_int(t, args[2], &x));
    return curses_result(t, LIBRARY(t, function(window_of(args[0]), y, x)), name);
}
static Value two_ints(Thread *t, Value *args, int (*function)(WINDOW *, int, int), const char *name) {
    int a, b;
    CHECK(curses_int(t, args[1], &a) && curses_int(t, args[2], &b));
    return curses_result(t, LIBRARY(t, function(window_of(args[0]), a, b)), name);
}
static Value attributes(Thread *t, Value *args, int (*function)(WINDOW *, int), const char *name) {
    int64_t attr;
    CHECK(as_c_long(t, args[1], &attr));
    return curses_result(t, LIBRARY(t, function(window_of(args[0]), (int)attr)), name);
}
static Value pair(Thread *t, Value *args, int (*y)(const WINDOW *), int (*x)(const WINDOW *)) {
    WINDOW *w = window_of(args[0]);
    int first, second;
    curses_enter(t);
    first = y(w);
    second = x(w);
    curses_leave(t);
    return tuple_pack(t, 2, small_int(first), small_int(second));
}

static Value touchwin_(Thread *t, Value *args) { return simple(t, args, touchwin, "touchwin"); }
static Value untouchwin_(Thread *t, Value *args) { return simple(t, args, untouchwin, "untouchwin"); }
static Value redrawwin_(Thread *t, Value *args) { return simple(t, args, redrawwin, "redrawwin"); }
static Value insertln_(Thread *t, Value *args) { return simple(t, args, winsertln, "winsertln"); }
static Value deleteln_(Thread *t, Value *args) { return simple(t, args, wdeleteln, "wdeleteln"); }
static Value erase_(Thread *t, Value *args) { return simple(t, args, werase, "werase"); }
static Value syncup_(Thread *t, Value *args) { return simple_void(t, args, wsyncup); }
static Value syncdown_(Thread *t, Value *args) { return simple_void(t, args, wsyncdown); }
static Value cursyncup_(Thread *t, Value *args) { return simple_void(t, args, wcursyncup); }

static Value ignoring(Thread *t, Value *args, int (*function)(WINDOW *)) {
    LIBRARY(t, function(window_of(args[0])));
    return NONE;
}
static Value standend_(Thread *t, Value *args) { return ignoring(t, args, wstandend); }
static Value standout_(Thread *t, Value *args) { return ignoring(t, args, wstandout); }
static Value clrtoeol_(Thread *t, Value *args) { return ignoring(t, args, wclrtoeol); }
static Value clrtobot_(Thread *t, Value *args) { return ignoring(t, args, wclrtobot); }
static Value clear_(Thread *t, Value *args) { return ignoring(t, args, wclear); }

static Value idcok_(Thread *t, Value *args) { return flag_void(t, args, idcok); }
static Value immedok_(Thread *t, Value *args) { return flag_void(t, args, immedok); }
static Value clearok_(Thread *t, Value *args) { return flag(t, args, clearok, "clearok"); }
static Value idlok_(Thread *t, Value *args) { return flag(t, args, idlok, "idlok"); }
static Value keypad_(Thread *t, Value *args) { return flag(t, args, keypad, "keypad"); }
static Value leaveok_(Thread *t, Value *args) { return flag(t, args, leaveok, "leaveok"); }
static Value nodelay_(Thread *t, Value *args) { return flag(t, args, nodelay, "nodelay"); }
static Value notimeout_(Thread *t, Value *args) { return flag(t, args, notimeout, "notimeout"); }
static Value scrollok_(Thread *t, Value *args) { return flag(t, args, scrollok, "scrollok"); }
static Value syncok_(Thread *t, Value *args) { return flag(t, args, syncok, "syncok"); }
static Value insdelln_(Thread *t, Value *args) { return number(t, args, "nlines", winsdelln, "winsdelln"); }
static int set_timeout(WINDOW *w, int delay) {
    wtimeout(w, delay);
    return OK;
}
static Value timeout_(Thread *t, Value *args) { return number(t, args, "delay", set_timeout, "wtimeout"); }

static Value move_(Thread *t, Value *args) { return place(t, args, "y,x", wmove, "wmove"); }
static Value mvwin_(Thread *t, Value *args) { return place(t, args, "y,x", mvwin, "mvwin"); }
static Value mvderwin_(Thread *t, Value *args) { return place(t, args, "y,x", mvderwin, "mvderwin"); }
static Value resize_(Thread *t, Value *args) { return place(t, args, "lines,columns", wresize, "wresize"); }
static Value setscrreg_(Thread *t, Value *args) { return two_ints(t, args, wsetscrreg, "wsetscrreg"); }
static Value redrawln_(Thread *t, Value *args) { return two_ints(t, args, wredrawln, "redrawln"); }

static Value attroff_(Thread *t, Value *args) { return attributes(t, args, wattroff, "attroff"); }
static Value attron_(Thread *t, Value *args) { return attributes(t, args, wattron, "attron"); }
static Value attrset_(Thread *t, Value *args) { return attributes(t, args, wattrset, "attrset"); }

static Value getyx_(Thread *t, Value *args) { return pair(t, args, getcury, getcurx); }
static Value getbegyx_(Thread *t, Value *args) { return pair(t, args, getbegy, getbegx); }
static Value getmaxyx_(Thread *t, Value *args) { return pair(t, args, getmaxy, getmaxx); }
static Value getparyx_(Thread *t, Value *args) { return pair(t, args, getpary, getparx); }

static Value is_wintouched_(Thread *t, Value *args) { return from_bool(LIBRARY(t, is_wintouched(window_of(args[0])))); }
static Value is_linetouched_(Thread *t, Value *args) {
    int line;
    CHECK(curses_int(t, args[1], &line));
    WINDOW *w = window_of(args[0]);
    int result = LIBRARY(t, line >= getmaxy(w) || line < 0 ? ERR : (int)is_linetouched(w, line));
    if (result == ERR)
        return raise_type_error(t, "is_linetouched: line number outside of boundaries");
    return from_bool(result);
}
static Value enclose_(Thread *t, Value *args) {
    int y, x;
    CHECK(curses_int(t, args[1], &y) && curses_int(t, args[2], &x));
    return from_bool(LIBRARY(t, wenclose(window_of(args[0]), y, x)));
}

/* Methods with several forms. Their arguments are a tuple: args[1]. */

static Value wrong_count(Thread *t, const char *method, int least, int most) {
    return raise_type_error(t, "_curses.window.%s requires %d to %d arguments", method, least, most);
}

/* [y, x,] what, [n,] [attr] */
typedef struct Placed {
    bool at, has_attr;
    int y, x, n;
    long attr;
    Value what;
} Placed;

static bool placed(Thread *t, Value given, const char *method, bool has_count, Placed *p) {
    *p = (Placed){.n = -1};
    size_t count = tuple_length(given), least = has_count ? 2 : 1, extra = count - least;
    if (count < least || extra > 3) {
        wrong_count(t, method, (int)least, (int)least + 3);
        return false;
    }
    p->at = extra >= 2;
    p->has_attr = extra & 1;
    if (!has_count)
        return p->at ? curses_parse(t, given, p->has_attr ? "iiOl" : "iiO", &p->y, &p->x, &p->what, &p->attr)
                     : curses_parse(t, given, p->has_attr ? "Ol" : "O", &p->what, &p->attr);
    return p->at ? curses_parse(t, given, p->has_attr ? "iiOil" : "iiOi", &p->y, &p->x, &p->what, &p->n, &p->attr)
                 : curses_parse(t, given, p->has_attr ? "Oil" : "Oi", &p->what, &p->n, &p->attr);
}

/* [y, x] */
typedef struct Place {
    bool at;
    int y, x;
} Place;

static bool optional_place(Thread *t, Value given, const char *method, Place *p) {
    size_t count = tuple_length(given);
    *p = (Place){.at = count == 2};
    if (count == 1 || count > 2) {
        wrong_count(t, method, 0, 2);
        return false;
    }
    return !p->at || curses_parse(t, given, "ii", &p->y, &p->x);
}

/* [y, x,] [n]: how much of a buffer is wanted. */
enum { TEXT_ROOM = 2048 };
static bool optional_place_and_count(Thread *t, Value given, const char *method, Place *p, int *n) {
    size_t count = tuple_length(given);
    unsigned wanted = TEXT_ROOM - 1;
    *p = (Place){.at = count >= 2};
    if (count > 3) {
        wrong_count(t, method, 0, 3);
        return false;
    }
    if (!(p->at ? curses_parse(t, given, count == 3 ? "iiu" : "ii", &p->y, &p->x, &wanted)
                : curses_parse(t, given, count == 1 ? "u" : "", &wanted)))
        return false;
    *n = wanted < TEXT_ROOM - 1 ? (int)wanted : TEXT_ROOM - 1;
    return true;
}

/* Under the lock */
static bool go_to(WINDOW *w, Place p) { return !p.at || wmove(w, p.y, p.x) != ERR; }
static bool go_to_place_of(WINDOW *w, const Placed *p) { return !p->at || wmove(w, p->y, p->x) != ERR; }

/* Writing */

static int add_wide_character(WINDOW *w, const Placed *p, wchar_t c) {
    cchar_t cell;
    wchar_t text[2] = {c, 0};
    setcchar(&cell, text, (attr_t)p->attr, (short)PAIR_NUMBER(p->attr), NULL);
    return go_to_place_of(w, p) ? wadd_wch(w, &cell) : ERR;
}

static Value addch_(Thread *t, Value *args) {
    Placed p;
    chtype byte;
    wchar_t wide;
    CHECK(placed(t, args[1], "addch", false, &p));
    WINDOW *w = window_of(args[0]);
    int kind = curses_character(t, p.what, &byte, &wide);
    CHECK(kind != 0);
    if (kind == 2)
        return curses_result(t, LIBRARY(t, add_wide_character(w, &p, wide)), "add_wch");
    return curses_result(t, LIBRARY(t, go_to_place_of(w, &p) ? waddch(w, byte | (attr_t)p.attr) : ERR), "addch");
}

typedef int (*ByteWriter)(WINDOW *, chtype);

static Value with_byte(Thread *t, Value *args, ByteWriter function, const char *name) {
    chtype byte;
    int64_t attr;
    CHECK(as_c_long(t, args[2], &attr) && curses_chtype(t, encoding_of(args[0]), args[1], &byte));
    return curses_result(t, LIBRARY(t, function(window_of(args[0]), byte | (attr_t)attr)), name);
}
static int set_background(WINDOW *w, chtype byte) {
    wbkgdset(w, byte);
    return OK;
}
static int echo_character(WINDOW *w, chtype byte) { return is_pad(w) ? pechochar(w, byte) : wechochar(w, byte); }
static Value bkgd_(Thread *t, Value *args) { return with_byte(t, args, wbkgd, "bkgd"); }
static Value bkgdset_(Thread *t, Value *args) { return with_byte(t, args, set_background, "bkgdset"); }
static Value echochar_(Thread *t, Value *args) { return with_byte(t, args, echo_character, "echochar"); }

static Value insch_(Thread *t, Value *args) {
    Placed p;
    chtype byte;
    WINDOW *w = window_of(args[0]);
    CHECK(placed(t, args[1], "insch", false, &p) && curses_chtype(t, encoding_of(args[0]), p.what, &byte));
    return curses_result(t, LIBRARY(t, go_to_place_of(w, &p) ? winsch(w, byte | (attr_t)p.attr) : ERR), "insch");
}

static Value draw_line(Thread *t, Value *args, const char *method, int (*draw)(WINDOW *, chtype, int)) {
    Placed p;
    chtype byte;
    WINDOW *w = window_of(args[0]);
    CHECK(placed(t, args[1], method, true, &p) && curses_chtype(t, encoding_of(args[0]), p.what, &byte));
    int code;
    curses_enter(t);
    bool there = go_to_place_of(w, &p);
    code = there ? draw(w, byte | (attr_t)p.attr, p.n) : ERR;
    curses_leave(t);
    return curses_result(t, code, there ? method : "wmove");
}
static Value hline_(Thread *t, Value *args) { return draw_line(t, args, "hline", whline); }
static Value vline_(Thread *t, Value *args) { return draw_line(t, args, "vline", wvline); }

static Value border_(Thread *t, Value *args) {
    chtype c[8] = {0};
    for (int i = 0; i < 8; i++)
        CHECK(absent(args[1 + i]) || curses_chtype(t, encoding_of(args[0]), args[1 + i], &c[i]));
    LIBRARY(t, wborder(window_of(args[0]), c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]));
    return NONE;
}

static Value box_(Thread *t, Value *args) {
    chtype vertical = 0, horizontal = 0;
    size_t count = tuple_length(args[1]);
    if (count != 0 && count != 2)
        return wrong_count(t, "box", 0, 2);
    Value encoding = encoding_of(args[0]);
    CHECK(count == 0 || (curses_chtype(t, encoding, tuple_get(args[1], 0), &vertical) &&
                         curses_chtype(t, encoding, tuple_get(args[1], 1), &horizontal)));
    LIBRARY(t, box(window_of(args[0]), vertical, horizontal));
    return NONE;
}

/* How text gets into a window: n characters at most, or all (negative). */
typedef struct TextWriter {
    const char *wide_name, *byte_name;
    int (*wide)(WINDOW *, const wchar_t *, int);
    int (*bytes)(WINDOW *, const char *, int);
} TextWriter;

static int write_text(WINDOW *w, const Placed *p, const CursesText *text, const TextWriter *writer) {
    attr_t old = p->has_attr ? (attr_t)getattrs(w) : 0;
    if (p->has_attr)
        wattrset(w, (int)p->attr);
    int code = !go_to_place_of(w, p) ? ERR : text->wide ? writer->wide(w, text->wide, p->n) : writer->bytes(w, text->bytes, p->n);
    if (p->has_attr)
        wattrset(w, (int)old);
    return code;
}

static Value with_text(Thread *t, Value *args, const char *method, bool has_count, const TextWriter *writer) {
    Placed p;
    CursesText text;
    CHECK(placed(t, args[1], method, has_count, &p) && curses_text(t, p.what, &text));
    int code = LIBRARY(t, write_text(window_of(args[0]), &p, &text, writer));
    free(text.wide);
    return curses_result(t, code, text.wide ? writer->wide_name : writer->byte_name);
}
static Value addstr_(Thread *t, Value *args) {
    return with_text(t, args, "addstr", false, &(TextWriter){"addwstr", "addstr", waddnwstr, waddnstr});
}
static Value addnstr_(Thread *t, Value *args) {
    return with_text(t, args, "addnstr", true, &(TextWriter){"addnwstr", "addnstr", waddnwstr, waddnstr});
}
static Value insstr_(Thread *t, Value *args) {
    return with_text(t, args, "insstr", false, &(TextWriter){"inswstr", "insstr", wins_nwstr, winsnstr});
}
static Value insnstr_(Thread *t, Value *args) {
    return with_text(t, args, "insnstr", true, &(TextWriter){"insn_wstr", "insnstr", wins_nwstr, winsnstr});
}

static int change_attributes(WINDOW *w, Place p, int n, long attr) {
    attr_t bits = (attr_t)attr & A_ATTRIBUTES;
    short color = (short)PAIR_NUMBER((attr_t)attr);
    int y = p.at ? p.y : getcury(w);
    int code = go_to(w, p) ? wchgat(w, n, bits, color, NULL) : ERR;
    touchline(w, y, 1);
    return code;
}

static Value chgat_(Thread *t, Value *args) {
    Value given = args[1];
    size_t count = tuple_length(given);
    Place p = {.at = count >= 3};
    int n = -1;
    long attr;
    if (count < 1 || count > 4)
        return wrong_count(t, "chgat", 1, 4);
    CHECK(p.at ? curses_parse(t, given, count == 4 ? "iiil" : "iil", &p.y, &p.x, count == 4 ? (void *)&n : (void *)&attr, &attr)
               : curses_parse(t, given, count == 2 ? "il" : "l", count == 2 ? (void *)&n : (void *)&attr, &attr));
    return curses_result(t, LIBRARY(t, change_attributes(window_of(args[0]), p, n, attr)), "chgat");
}

static Value delch_(Thread *t, Value *args) {
    Place p;
    WINDOW *w = window_of(args[0]);
    CHECK(optional_place(t, args[1], "delch", &p));
    return curses_result(t, LIBRARY(t, go_to(w, p) ? wdelch(w) : ERR), p.at ? "mvwdelch" : "wdelch");
}

/* Reading what a window shows */

static Value getbkgd_(Thread *t, Value *args) { return int_from(t, (int64_t)LIBRARY(t, getbkgd(window_of(args[0])))); }

static Value inch_(Thread *t, Value *args) {
    Place p;
    WINDOW *w = window_of(args[0]);
    CHECK(optional_place(t, args[1], "inch", &p));
    return int_from_unsigned(t, LIBRARY(t, go_to(w, p) ? winch(w) : (chtype)ERR));
}

static Value instr_(Thread *t, Value *args) {
    Place p;
    int n;
    char text[TEXT_ROOM];
    WINDOW *w = window_of(args[0]);
    CHECK(optional_place_and_count(t, args[1], "instr", &p, &n));
    int code = LIBRARY(t, go_to(w, p) ? winnstr(w, text, n) : ERR);
    return bytes_from_text(t, code == ERR ? "" : text);
}

/* The keyboard. A signal ends the wait with ERR, after which its handler is run. */

static Value getch_(Thread *t, Value *args) {
    Place p;
    WINDOW *w = window_of(args[0]);
    CHECK(optional_place(t, args[1], "getch", &p));
    int key = LIBRARY(t, go_to(w, p) ? wgetch(w) : ERR);
    CHECK(key != ERR || os_interrupted(t));
    return small_int(key);
}

static Value no_input(Thread *t) {
    CHECK(os_interrupted(t));
    return raise_error(t, as_type(curses_state(t, CURSES_ERROR)), "no input");
}

/* The library's names of keys lie in a buffer of its own. */
static const char *copy_of_key_name(int key, char *to, size_t size) {
    const char *name = keyname(key);
    snprintf(to, size, "%s", name ? name : "");
    return to;
}

static Value getkey_(Thread *t, Value *args) {
    Place p;
    char name[64];
    WINDOW *w = window_of(args[0]);
    CHECK(optional_place(t, args[1], "getkey", &p));
    int key = LIBRARY(t, go_to(w, p) ? wgetch(w) : ERR);
    if (key == ERR)
        return no_input(t);
    return key <= 255 ? str_from_char(t, (uint32_t)key) : str_from_text(t, LIBRARY(t, copy_of_key_name(key, name, sizeof name)));
}

static Value get_wch_(Thread *t, Value *args) {
    Place p;
    wint_t c;
    WINDOW *w = window_of(args[0]);
    CHECK(optional_place(t, args[1], "get_wch", &p));
    int code = LIBRARY(t, go_to(w, p) ? wget_wch(w, &c) : ERR);
    if (code == ERR)
        return no_input(t);
    return code == KEY_CODE_YES ? small_int(c) : str_from_char(t, c);
}

static Value getstr_(Thread *t, Value *args) {
    Place p;
    int n;
    char text[TEXT_ROOM];
    WINDOW *w = window_of(args[0]);
    CHECK(optional_place_and_count(t, args[1], "instr", &p, &n)); /* the name in CPython's message */
    int code = LIBRARY(t, go_to(w, p) ? wgetnstr(w, text, n) : ERR);
    CHECK(code != ERR || os_interrupted(t));
    return bytes_from_text(t, code == ERR ? "" : text);
}

/* Parts of windows */

static Value part(Thread *t, Value *args, const char *method, bool relative) {
    int lines = 0, columns = 0, y, x;
    size_t count = tuple_length(args[1]);
    if (count != 2 && count != 4)
        return wrong_count(t, method, 2, 4);
    CHECK(count == 2 ? curses_parse(t, args[1], "ii", &y, &x) : curses_parse(t, args[1], "iiii", &lines, &columns, &y, &x));
    WINDOW *w = window_of(args[0]), *made;
    made = LIBRARY(t, relative    ? derwin(w, lines, columns, y, x)
                      : is_pad(w) ? subpad(w, lines, columns, y, x)
                                  : subwin(w, lines, columns, y, x));
    return curses_window_new(t, made, relative ? NO_VALUE : encoding_of(args[0]), args[0]);
}
static Value derwin_(Thread *t, Value *args) { return part(t, args, "derwin", true); }
static Value subwin_(Thread *t, Value *args) { return part(t, args, "subwin", false); }

/* Copying and showing */

static Value copy(Thread *t, Value *args, const char *method, int (*whole)(const WINDOW *, WINDOW *), bool over) {
    Value given = args[1], other;
    int from_y, from_x, y, x, last_y, last_x;
    size_t count = tuple_length(given);
    if (count != 1 && count != 7)
        return wrong_count(t, method, 1, 7);
    other = tuple_get(given, 0);
    if (!is_exactly(other, &curses_window_type))
        return raise_type_error(t, "%s() argument 1 must be _curses.window, not %Y", method, other);
    if (count == 1)
        return curses_result(t, LIBRARY(t, whole(window_of(args[0]), window_of(other))), method);
    CHECK(curses_parse(t, given, "Oiiiiii", &other, &from_y, &from_x, &y, &x, &last_y, &last_x));
    return curses_result(
        t, LIBRARY(t, copywin(window_of(args[0]), window_of(other), from_y, from_x, y, x, last_y, last_x, over)), "copywin");
}
static Value overlay_(Thread *t, Value *args) { return copy(t, args, "overlay", overlay, true); }
static Value overwrite_(Thread *t, Value *args) { return copy(t, args, "overwrite", overwrite, false); }

typedef int (*PadShower)(WINDOW *, int, int, int, int, int, int);

static Value show(Thread *t, Value *args, const char *method, const char *no_place, int (*window)(WINDOW *),
                  const char *window_name, PadShower pad, const char *pad_name) {
    int p[6];
    size_t count = tuple_length(args[1]);
    WINDOW *w = window_of(args[0]);
    if (count != 0 && count != 6)
        return wrong_count(t, method, 0, 6);
    CHECK(count == 0 || curses_parse(t, args[1], "iiiiii", &p[0], &p[1], &p[2], &p[3], &p[4], &p[5]));
    bool is_a_pad = LIBRARY(t, is_pad(w));
    if (is_a_pad && count == 0)
        return raise_error(t, as_type(curses_state(t, CURSES_ERROR)), "%s", no_place);
    if (is_a_pad)
        return curses_result(t, LIBRARY(t, pad(w, p[0], p[1], p[2], p[3], p[4], p[5])), pad_name);
    if (count != 0)
        return raise_type_error(t, "%s() takes no arguments (6 given)", method);
    return curses_result(t, LIBRARY(t, window(w)), window_name);
}
static Value refresh_(Thread *t, Value *args) {
    /* CPython's message names prefresh for windows as well. */
    return show(t, args, "refresh", "refresh() for a pad requires 6 arguments", wrefresh, "prefresh", prefresh, "prefresh");
}
static Value noutrefresh_(Thread *t, Value *args) {
    return show(t, args, "noutrefresh", "noutrefresh() called for a pad requires 6 arguments", wnoutrefresh, "wnoutrefresh",
                pnoutrefresh, "pnoutrefresh");
}

static Value scroll_(Thread *t, Value *args) {
    int lines = 1;
    size_t count = tuple_length(args[1]);
    if (count > 1)
        return wrong_count(t, "scroll", 0, 1);
    CHECK(count == 0 || curses_parse(t, args[1], "i", &lines));
    return curses_result(t, LIBRARY(t, wscrl(window_of(args[0]), lines)), "scroll");
}

static Value touchline_(Thread *t, Value *args) {
    int start, lines;
    bool changed = true;
    size_t count = tuple_length(args[1]);
    if (count != 2 && count != 3)
        return wrong_count(t, "touchline", 2, 3);
    CHECK(curses_parse(t, args[1], count == 3 ? "iip" : "ii", &start, &lines, &changed));
    return curses_result(t, LIBRARY(t, wtouchln(window_of(args[0]), start, lines, changed)), "touchline");
}

/* Files: the library writes into memory, from where it goes on in pieces of the size of a C stream's buffer. */

static int put_into_memory(WINDOW *w, char **data, size_t *size) {
    FILE *f = open_memstream(data, size);
    int code = f ? putwin(w, f) : ERR;
    if (f && fclose(f) != 0)
        code = ERR;
    return code;
}

static Value putwin_(Thread *t, Value *args) {
    char *data = NULL;
    size_t size = 0;
    Value result = curses_result(t, LIBRARY(t, put_into_memory(window_of(args[0]), &data, &size)), "putwin");
    for (size_t at = 0; present(result) && at < size; at += BUFSIZ) {
        Value piece = bytes_new(t, data + at, size - at < BUFSIZ ? size - at : BUFSIZ), name = str_intern_text(t, "write");
        result = present(piece) && present(name) ? call_method_1(t, args[1], name, piece) : NO_VALUE;
    }
    free(data);
    return result;
}

/* Attributes */

static Value get_encoding(Thread *t, Value *args) { return encoding_of(args[0]); }

static Value set_encoding(Thread *t, Value *args) {
    if (absent(args[1]))
        return raise_type_error(t, "encoding may not be deleted");
    if (!is_str(args[1]))
        return raise_type_error(t, "setting encoding to a non-string");
    Value ascii = TRY(str_encode(t, args[1], "ascii", NULL));
    store(as_window(args[0]), &as_window(args[0])->encoding, TRY(str_from_text(t, as_bytes(ascii)->data)));
    return NONE;
}

/* Several forms, with words of their own for wrong numbers of arguments; and one form, likewise. */
enum {
    TAKES_FORMS = NATIVE_NO_SIGNATURE | NATIVE_COUNTS_ARGUMENTS | NATIVE_BORROWS_STAR,
    COUNTS_ITSELF = NATIVE_MAY_LACK | NATIVE_TAKES_MORE | NATIVE_POSITIONAL_GIVEN | NATIVE_COUNTS_ARGUMENTS,
};

static const NativeDef methods[] = {
    {"addch(self, /, *args)", addch_,
     "addch([y, x,] ch, [attr=_curses.A_NORMAL])\nPaint the character.\n\n  y\n    Y-coordinate.\n  x\n    X-coordinate.\n"
     "  ch\n    Character to add.\n  attr\n    Attributes for the character.\n\n"
     "Paint character ch at (y, x) with attributes attr,\noverwriting any character previously painted at that location.\n"
     "By default, the character position and attributes are the\ncurrent settings for the window object.", TAKES_FORMS},
    {"addnstr(self, /, *args)", addnstr_,
     "addnstr([y, x,] str, n, [attr])\nPaint at most n characters of the string.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate.\n  str\n    String to add.\n  n\n    Maximal number of characters.\n  attr\n"
     "    Attributes for characters.\n\nPaint at most n characters of the string str at (y, x) with\n"
     "attributes attr, overwriting anything previously on the display.\n"
     "By default, the character position and attributes are the\ncurrent settings for the window object.", TAKES_FORMS},
    {"addstr(self, /, *args)", addstr_,
     "addstr([y, x,] str, [attr])\nPaint the string.\n\n  y\n    Y-coordinate.\n  x\n    X-coordinate.\n  str\n"
     "    String to add.\n  attr\n    Attributes for characters.\n\nPaint the string str at (y, x) with attributes attr,\n"
     "overwriting anything previously on the display.\nBy default, the character position and attributes are the\n"
     "current settings for the window object.", TAKES_FORMS},
    {"attroff(self, attr, /)", attroff_, "Remove attribute attr from the \"background\" set."},
    {"attron(self, attr, /)", attron_, "Add attribute attr to the \"background\" set."},
    {"attrset(self, attr, /)", attrset_, "Set the \"background\" set of attributes."},
    {"bkgd(self, ch, attr=<_curses.A_NORMAL|0>, /)", bkgd_,
     "Set the background property of the window.\n\n  ch\n    Background character.\n  attr\n    Background attributes."},
    {"bkgdset(self, ch, attr=<_curses.A_NORMAL|0>, /)", bkgdset_,
     "Set the window's background.\n\n  ch\n    Background character.\n  attr\n    Background attributes."},
    {"border(self, ls=<_curses.ACS_VLINE>, rs=<_curses.ACS_VLINE>, "
     "ts=<_curses.ACS_HLINE>, bs=<_curses.ACS_HLINE>, tl=<_curses.ACS_ULCORNER>, tr=<_curses.ACS_URCORNER>, "
     "bl=<_curses.ACS_LLCORNER>, br=<_curses.ACS_LRCORNER>, /)", border_,
     "Draw a border around the edges of the window.\n\n  ls\n    Left side.\n  rs\n    Right side.\n  ts\n    Top side.\n  bs\n"
     "    Bottom side.\n  tl\n    Upper-left corner.\n  tr\n    Upper-right corner.\n  bl\n    Bottom-left corner.\n  br\n"
     "    Bottom-right corner.\n\nEach parameter specifies the character to use for a specific part of\n"
     "the border.  The characters can be specified as integers or as\n"
     "one-character strings.  A 0 value for any parameter will cause the\ndefault character to be used for that parameter."},
    {"box(self, /, *args)", box_,
     "box([verch=0, horch=0])\nDraw a border around the edges of the window.\n\n  verch\n    Left and right side.\n  horch\n"
     "    Top and bottom side.\n\nSimilar to border(), but both ls and rs are verch and both ts and bs\n"
     "are horch.  The default corner characters are always used by this\nfunction.", TAKES_FORMS},
    {"chgat(self, /, *args)", chgat_,
     "chgat([y, x,] [n=-1,] attr)\nSet the attributes of characters.\n\n  y\n    Y-coordinate.\n  x\n    X-coordinate.\n  n\n"
     "    Number of characters.\n  attr\n    Attributes for characters.\n\n"
     "Set the attributes of num characters at the current cursor position, or at\n"
     "position (y, x) if supplied.  If no value of num is given or num = -1, the\n"
     "attribute will be set on all the characters to the end of the line.  This\n"
     "function does not move the cursor.  The changed line will be touched using\n"
     "the touchline() method so that the contents will be redisplayed by the next\nwindow refresh.", TAKES_FORMS},
    {"clear(self, /)", clear_, "Clear the window and repaint it completely on the next refresh()."},
    {"clearok(self, flag, /)", clearok_, "Clear the window on the next refresh() if flag is true.", COUNTS_ITSELF},
    {"clrtobot(self, /)", clrtobot_, "Erase from the cursor to the end of the window."},
    {"clrtoeol(self, /)", clrtoeol_, "Erase from the cursor to the end of the line."},
    {"cursyncup(self, /)", cursyncup_, "Update the cursor position of all ancestor windows to match."},
    {"delch(self, /, *args)", delch_,
     "delch([y, x])\nDelete the character under the cursor, or at (y, x) if specified.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate.\n\nAll characters to the right on the same line are shifted one\nposition left.", TAKES_FORMS},
    {"deleteln(self, /)", deleteln_, "Delete the line under the cursor; move following lines up by one."},
    {"derwin(self, /, *args)", derwin_,
     "derwin([nlines=0, ncols=0,] begin_y, begin_x)\nCreate a sub-window (window-relative coordinates).\n\n  nlines\n"
     "    Height.\n  ncols\n    Width.\n  begin_y\n    Top side y-coordinate.\n  begin_x\n    Left side x-coordinate.\n\n"
     "derwin() is the same as calling subwin(), except that begin_y and\n"
     "begin_x are relative to the origin of the window, rather than\nrelative to the entire screen.", TAKES_FORMS},
    {"echochar(self, ch, attr=<_curses.A_NORMAL|0>, /)", echochar_,
     "Add character ch with attribute attr, and refresh.\n\n  ch\n    Character to add.\n  attr\n"
     "    Attributes for the character."},
    {"enclose(self, y, x, /)", enclose_,
     "Return True if the screen-relative coordinates are enclosed by the window.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate."},
    {"erase(self, /)", erase_, "Clear the window."},
    {"get_wch(self, /, *args)", get_wch_,
     "get_wch([y, x])\nRead a key press and return it as a one-character str.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate.\n\nWait until a key is pressed, or raise curses.error if the read is\nnon-blocking or times out.\n\n"
     "In keypad mode function keys and other special keys are returned as\n"
     "one of the KEY_* constants, an integer.  Otherwise their characters\nare returned one at a time.", TAKES_FORMS},
    {"getbegyx(self, /)", getbegyx_, "Return a tuple (y, x) of the upper-left corner coordinates."},
    {"getbkgd(self, /)", getbkgd_, "Return the window's current background character/attribute pair."},
    {"getch(self, /, *args)", getch_,
     "getch([y, x])\nRead a key press and return it as an integer.\n\n  y\n    Y-coordinate.\n  x\n    X-coordinate.\n\n"
     "Wait until a key is pressed, or return -1 if the read is\nnon-blocking or times out.\n\n"
     "An ordinary key is returned as the code of a single byte of its\n"
     "encoding in the current locale, so a character encoded with several\n"
     "bytes takes several calls.  Use get_wch() to read it as a single\ncharacter.\n\n"
     "In keypad mode function keys and other special keys are returned as\n"
     "one of the KEY_* constants, which cannot be mistaken for an ordinary\n"
     "key.  Otherwise their bytes are returned one at a time.", TAKES_FORMS},
    {"getkey(self, /, *args)", getkey_,
     "getkey([y, x])\nRead a key press and return it as a str.\n\n  y\n    Y-coordinate.\n  x\n    X-coordinate.\n\n"
     "Read as getch() does, but return an ordinary key as a one-character\n"
     "string, the byte decoded as Latin-1, and a special key as its name,\n"
     "such as 'KEY_UP'.  Raise curses.error instead of returning -1 if\nthere is no input.", TAKES_FORMS},
    {"getmaxyx(self, /)", getmaxyx_, "Return a tuple (y, x) of the window height and width."},
    {"getparyx(self, /)", getparyx_, "Return (y, x) relative to the parent window, or (-1, -1) if none."},
    {"getstr(self, /, *args)", getstr_,
     "getstr([[y, x,] n=2047])\nRead a line of input and return it as a bytes object.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate.\n  n\n    Maximal number of bytes.", TAKES_FORMS},
    {"getyx(self, /)", getyx_, "Return a tuple (y, x) of the current cursor position."},
    {"hline(self, /, *args)", hline_,
     "hline([y, x,] ch, n, [attr=_curses.A_NORMAL])\nDisplay a horizontal line.\n\n  y\n    Starting Y-coordinate.\n  x\n"
     "    Starting X-coordinate.\n  ch\n    Character to draw.\n  n\n    Line length.\n  attr\n"
     "    Attributes for the characters.", TAKES_FORMS},
    {"idcok(self, flag, /)", idcok_, "Enable or disable the hardware insert/delete character feature.", COUNTS_ITSELF},
    {"idlok(self, flag, /)", idlok_, "Enable or disable the hardware insert/delete line feature.", COUNTS_ITSELF},
    {"immedok(self, flag, /)", immedok_, "If flag is true, refresh the window on every change to it.", COUNTS_ITSELF},
    {"inch(self, /, *args)", inch_,
     "inch([y, x])\nReturn the character at the given position in the window.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate.\n\nThe bottom 8 bits are the character proper, and upper bits are the\nattributes.", TAKES_FORMS},
    {"insch(self, /, *args)", insch_,
     "insch([y, x,] ch, [attr=_curses.A_NORMAL])\nInsert a character before the current or specified position.\n\n  y\n"
     "    Y-coordinate.\n  x\n    X-coordinate.\n  ch\n    Character to insert.\n  attr\n    Attributes for the character.\n\n"
     "All characters to the right of the cursor are shifted one position\n"
     "right, with the rightmost characters on the line being lost.", TAKES_FORMS},
    {"insdelln(self, nlines, /)", insdelln_, "Insert (nlines > 0) or delete (nlines < 0) lines above the cursor.", COUNTS_ITSELF},
    {"insertln(self, /)", insertln_, "Insert a blank line under the cursor; move following lines down."},
    {"insnstr(self, /, *args)", insnstr_,
     "insnstr([y, x,] str, n, [attr])\nInsert at most n characters of the string.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate.\n  str\n    String to insert.\n  n\n    Maximal number of characters.\n  attr\n"
     "    Attributes for characters.\n\nInsert a character string (as many characters as will fit on the\n"
     "line) before the character under the cursor, up to n characters.  If\n"
     "n is zero or negative, the entire string is inserted.  All\n"
     "characters to the right of the cursor are shifted right, with the\n"
     "rightmost characters on the line being lost.  The cursor position\ndoes not change (after moving to y, x, if specified).",
     TAKES_FORMS},
    {"insstr(self, /, *args)", insstr_,
     "insstr([y, x,] str, [attr])\nInsert the string before the current or specified position.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate.\n  str\n    String to insert.\n  attr\n    Attributes for characters.\n\n"
     "Insert a character string (as many characters as will fit on the\n"
     "line) before the character under the cursor.  All characters to the\n"
     "right of the cursor are shifted right, with the rightmost characters\n"
     "on the line being lost.  The cursor position does not change (after\nmoving to y, x, if specified).", TAKES_FORMS},
    {"instr(self, /, *args)", instr_,
     "instr([y, x,] n=2047)\nReturn the text of the window as a bytes object.\n\n  y\n    Y-coordinate.\n  x\n"
     "    X-coordinate.\n  n\n    Maximal number of bytes.\n\n"
     "Read from the current cursor position, or from y, x if specified, to\n"
     "the end of the line, and return the text in the encoding of the\n"
     "current locale, with attributes and color pairs stripped.  At most n\nbytes are read.", TAKES_FORMS},
    {"is_linetouched(self, line, /)", is_linetouched_,
     "Return True if the specified line was modified, otherwise return False.\n\n  line\n    Line number.\n\n"
     "Raise a curses.error exception if line is not valid for the given\nwindow."},
    {"is_wintouched(self, /)", is_wintouched_, "Return True if the window changed since the last refresh()."},
    {"keypad(self, flag, /)", keypad_, "Interpret escape sequences for special keys if flag is true.", COUNTS_ITSELF},
    {"leaveok(self, flag, /)", leaveok_, "If flag is true, leave the cursor where the update leaves it.", COUNTS_ITSELF},
    {"move(self, new_y, new_x, /)", move_, "Move the cursor to (new_y, new_x).", COUNTS_ITSELF},
    {"mvderwin(self, y, x, /)", mvderwin_, "Move the window inside its parent window.", COUNTS_ITSELF},
    {"mvwin(self, new_y, new_x, /)", mvwin_, "Move the window so its upper-left corner is at (new_y, new_x).", COUNTS_ITSELF},
    {"nodelay(self, flag, /)", nodelay_, "If flag is true, getch() becomes non-blocking.", COUNTS_ITSELF},
    {"notimeout(self, flag, /)", notimeout_, "If flag is true, do not time out escape sequences.", COUNTS_ITSELF},
    {"noutrefresh(self, /, *args)", noutrefresh_,
     "noutrefresh([pminrow, pmincol, sminrow, smincol, smaxrow, smaxcol])\nMark for refresh but wait.\n\n"
     "This function updates the data structure representing the desired\n"
     "state of the window, but does not force an update of the physical\nscreen.  To accomplish that, call doupdate().",
     TAKES_FORMS},
    {"overlay(self, /, *args)", overlay_,
     "overlay(destwin, [sminrow, smincol, dminrow, dmincol, dmaxrow, dmaxcol])\nOverlay the window on top of destwin.\n\n"
     "The windows need not be the same size, only the overlapping region\n"
     "is copied.  This copy is non-destructive, which means that the\n"
     "current background character does not overwrite the old contents of\ndestwin.\n\n"
     "To get fine-grained control over the copied region, the second form\n"
     "of overlay() can be used.  sminrow and smincol are the upper-left\n"
     "coordinates of the source window, and the other variables mark\na rectangle in the destination window.", TAKES_FORMS},
    {"overwrite(self, /, *args)", overwrite_,
     "overwrite(destwin, [sminrow, smincol, dminrow, dmincol, dmaxrow,\n          dmaxcol])\n"
     "Overwrite the window on top of destwin.\n\nThe windows need not be the same size, in which case only the\n"
     "overlapping region is copied.  This copy is destructive, which means\n"
     "that the current background character overwrites the old contents of\ndestwin.\n\n"
     "To get fine-grained control over the copied region, the second form\n"
     "of overwrite() can be used. sminrow and smincol are the upper-left\n"
     "coordinates of the source window, the other variables mark\na rectangle in the destination window.", TAKES_FORMS},
    {"putwin(self, file, /)", putwin_,
     "Write all data associated with the window into the provided file object.\n\n"
     "This information can be later retrieved using the getwin() function."},
    {"redrawln(self, beg, num, /)", redrawln_,
     "Mark the specified lines corrupted.\n\n  beg\n    Starting line number.\n  num\n    The number of lines.\n\n"
     "They should be completely redrawn on the next refresh() call."},
    {"redrawwin(self, /)", redrawwin_, "Mark the entire window for redraw on the next refresh()."},
    {"refresh(self, /, *args)", refresh_,
     "refresh([pminrow, pmincol, sminrow, smincol, smaxrow, smaxcol])\nUpdate the display immediately.\n\n"
     "Synchronize actual screen with previous drawing/deleting methods.\n"
     "The 6 optional arguments can only be specified when the window is\n"
     "a pad created with newpad().  The additional parameters are needed\n"
     "to indicate what part of the pad and screen are involved.  pminrow\n"
     "and pmincol specify the upper left-hand corner of the rectangle to\n"
     "be displayed in the pad.  sminrow, smincol, smaxrow, and smaxcol\n"
     "specify the edges of the rectangle to be displayed on the screen.\n"
     "The lower right-hand corner of the rectangle to be displayed in the\n"
     "pad is calculated from the screen coordinates, since the rectangles\n"
     "must be the same size.  Both rectangles must be entirely contained\n"
     "within their respective structures.  Negative values of pminrow,\n"
     "pmincol, sminrow, or smincol are treated as if they were zero.", TAKES_FORMS},
    {"resize(self, nlines, ncols, /)", resize_, "Resize the window to nlines rows and ncols columns.", COUNTS_ITSELF},
    {"scroll(self, /, *args)", scroll_,
     "scroll([lines=1])\nScroll the screen or scrolling region.\n\n  lines\n    Number of lines to scroll.\n\n"
     "Scroll upward if the argument is positive and downward if it is\nnegative.", TAKES_FORMS},
    {"scrollok(self, flag, /)", scrollok_, "Control whether the window scrolls when the cursor moves off it.", COUNTS_ITSELF},
    {"setscrreg(self, top, bottom, /)", setscrreg_,
     "Define a software scrolling region.\n\n  top\n    First line number.\n  bottom\n    Last line number.\n\n"
     "All scrolling actions will take place in this region."},
    {"standend(self, /)", standend_, "Turn off the standout attribute."},
    {"standout(self, /)", standout_, "Turn on the A_STANDOUT attribute."},
    {"subpad(self, /, *args)", subwin_,
     "subwin([nlines=0, ncols=0,] begin_y, begin_x)\nCreate a sub-window (screen-relative coordinates).\n\n  nlines\n"
     "    Height.\n  ncols\n    Width.\n  begin_y\n    Top side y-coordinate.\n  begin_x\n    Left side x-coordinate.\n\n"
     "By default, the sub-window will extend from the specified position\nto the lower right corner of the window.", TAKES_FORMS},
    {"subwin(self, /, *args)", subwin_,
     "subwin([nlines=0, ncols=0,] begin_y, begin_x)\nCreate a sub-window (screen-relative coordinates).\n\n  nlines\n"
     "    Height.\n  ncols\n    Width.\n  begin_y\n    Top side y-coordinate.\n  begin_x\n    Left side x-coordinate.\n\n"
     "By default, the sub-window will extend from the specified position\nto the lower right corner of the window.", TAKES_FORMS},
    {"syncdown(self, /)", syncdown_, "Touch each location changed in any ancestor of the window."},
    {"syncok(self, flag, /)", syncok_, "If flag is true, call syncup() on every change to the window.", COUNTS_ITSELF},
    {"syncup(self, /)", syncup_, "Touch locations in ancestors that changed in this window."},
    {"timeout(self, delay, /)", timeout_, "Set blocking or non-blocking read behavior for the window.", COUNTS_ITSELF},
    {"touchline(self, /, *args)", touchline_,
     "touchline(start, count, [changed=True])\nPretend count lines have been changed, starting with line start.\n\n"
     "If changed is supplied, it specifies whether the affected lines are\n"
     "marked as having been changed (changed=True) or unchanged\n(changed=False).", TAKES_FORMS},
    {"touchwin(self, /)", touchwin_, "Mark the whole window as changed."},
    {"untouchwin(self, /)", untouchwin_, "Mark all lines in the window as unchanged since last refresh()."},
    {"vline(self, /, *args)", vline_,
     "vline([y, x,] ch, n, [attr=_curses.A_NORMAL])\nDisplay a vertical line.\n\n  y\n    Starting Y-coordinate.\n  x\n"
     "    Starting X-coordinate.\n  ch\n    Character to draw.\n  n\n    Line length.\n  attr\n"
     "    Attributes for the character.", TAKES_FORMS},
    {NULL},
};

static const GetSetDef getset[] = {
    {"encoding", get_encoding, set_encoding, "the typecode character used to create the array"},
    {NULL},
};

MODULE_TYPE(curses_window_type, _curses) = {
    STATIC_TYPE_HEAD(trace_window, release),
    .name_text = "_curses.window",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(WindowObject),
};
