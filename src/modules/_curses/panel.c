/* _curses_panel: windows that lie on top of one another.
 *
 * A panel stays in the library's pile until its object dies, and is found through it. So each has a cell that refers to the object
 * weakly; the isolate's list keeps the cells, and the library's panel points to its own. When the object has died, the panel is
 * taken from the pile, at the next safepoint. Until then nobody sees it: who asks for a neighbour gets the next one.
 *
 * Threads: curses.h. The dict changes by what is one step.
 */
#include "modules/_curses/curses.h"

#include "types/dict/dict.h"

#include <panel.h>

typedef struct PanelCell {
    Object object;
    Value panel_object; /* weak */
    PANEL *panel;
    WindowHandle *window; /* held */
} PanelCell;

typedef struct PanelObject {
    Object object;
    PanelCell *cell;
    Value window, userptr; /* userptr: absent until it was set */
} PanelObject;
static PanelObject *as_panel(Value v) { return (PanelObject *)v.bits; }
static PANEL *panel_of(Value v) { return as_panel(v)->cell->panel; }

extern Type curses_panel_type, curses_panel_cell_type;

static void trace_panel(Tracer *tracer, Object *o) {
    PanelObject *p = (PanelObject *)o;
    trace_object(tracer, p->cell);
    trace_values(tracer, &p->window, 2);
}

static Value panel_error(Thread *t, const char *message) {
    return raise_error(t, as_type(curses_state(t, CURSES_PANEL_ERROR)), "%s", message);
}
static Value result(Thread *t, int code, const char *function) {
    if (code != ERR)
        return NONE;
    return raise_error(t, as_type(curses_state(t, CURSES_PANEL_ERROR)), "%s() returned ERR", function);
}
/* Making and finding */

/* What a cell stands under in the isolate's dict. */
static Value key_of(const PanelCell *cell) { return small_int((int64_t)((uintptr_t)cell / 16)); }

static void panel_died(Thread *t, Object *holder) {
    PanelCell *cell = (PanelCell *)holder;
    if (!cell->panel)
        return;
    LIBRARY(t, del_panel(cell->panel));
    curses_handle_drop(cell->window);
    if (dict_delete(t, curses_state(t, CURSES_PANELS), key_of(cell)) < 0)
        error_clear(t);
}

/* Under the lock: it is found as soon as it is there. */
static PANEL *pile(PanelCell *cell, WindowHandle *h) {
    cell->panel = new_panel(h->window);
    if (cell->panel) {
        set_panel_userptr(cell->panel, cell);
        fetch_add(&h->holders, 1u);
        cell->window = h;
    }
    return cell->panel;
}

static Value new_panel_(Thread *t, Value *args) {
    if (!is_exactly(args[0], &curses_window_type))
        return raise_type_error(t, "new_panel() argument must be _curses.window, not %Y", args[0]);
    WindowHandle *h = ((WindowObject *)args[0].bits)->handle;
    PanelCell *cell = heap_allocate(t, &curses_panel_cell_type, sizeof *cell);
    PanelObject *p = cell ? heap_allocate(t, &curses_panel_type, sizeof *p) : NULL;
    CHECK(p != NULL);
    cell->panel_object = from_object(p); /* NOBARRIER: weak */
    store(p, (Value *)&p->cell, from_object(cell));
    store(p, &p->window, args[0]);
    CHECK(heap_weak_register(t, &cell->object, &cell->panel_object, panel_died, true));
    Value cells = curses_state(t, CURSES_PANELS);
    CHECK(dict_set(t, cells, key_of(cell), from_object(cell)));
    if (LIBRARY(t, pile(cell, h)))
        return from_object(p);
    CHECK(dict_delete(t, cells, key_of(cell)) >= 0);
    return panel_error(t, "curses function returned NULL");
}

/* Under the lock: the cell of the panel that so many steps lead to, by what it stands under in the dict; 0: there is none. A cell
 * itself might be gone when the lock is. */
static uintptr_t step_from(PANEL *from, PANEL *(*step)(const PANEL *), size_t steps) {
    for (size_t i = 0; i < steps && (from || i == 0); i++)
        from = step(from);
    return from ? (uintptr_t)panel_userptr(from) : 0;
}

/* The object of a neighbour: None where there is none. Those whose objects have died are passed by: who asks starts again from what
 * is alive, since they may go at any time. */
static Value neighbour(Thread *t, PANEL *from, PANEL *(*step)(const PANEL *)) {
    for (size_t steps = 1;; steps++) {
        uintptr_t address = LIBRARY(t, step_from(from, step, steps));
        if (address == 0)
            return NONE;
        Value cell = dict_get(t, curses_state(t, CURSES_PANELS), key_of((const PanelCell *)address));
        CHECK(present(cell) || !error_pending(t));
        Value found = present(cell) ? load(&((PanelCell *)cell.bits)->panel_object) : NO_VALUE;
        if (present(found))
            return found;
    }
}
static Value above_(Thread *t, Value *args) { return neighbour(t, panel_of(args[0]), panel_above); }
static Value below_(Thread *t, Value *args) { return neighbour(t, panel_of(args[0]), panel_below); }
static Value bottom_panel_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    return neighbour(t, NULL, panel_above);
}
static Value top_panel_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    return neighbour(t, NULL, panel_below);
}

/* The rest */

static Value simple(Thread *t, Value *args, int (*function)(PANEL *), const char *name) {
    return result(t, LIBRARY(t, function(panel_of(args[0]))), name);
}
static Value bottom_(Thread *t, Value *args) { return simple(t, args, bottom_panel, "bottom_panel"); }
static Value hide_(Thread *t, Value *args) { return simple(t, args, hide_panel, "hide_panel"); }
static Value show_(Thread *t, Value *args) { return simple(t, args, show_panel, "show_panel"); }
static Value top_(Thread *t, Value *args) { return simple(t, args, top_panel, "top_panel"); }
static Value hidden_(Thread *t, Value *args) { return from_bool(LIBRARY(t, panel_hidden(panel_of(args[0])))); }

static Value move_(Thread *t, Value *args) {
    int y, x;
    CHECK(curses_int(t, args[1], &y) && curses_int(t, args[2], &x));
    return result(t, LIBRARY(t, move_panel(panel_of(args[0]), y, x)), "move_panel");
}

static Value window_(Thread *t, Value *args) { return load(&as_panel(args[0])->window); }

static Value replace_(Thread *t, Value *args) {
    PanelObject *p = as_panel(args[0]);
    if (!is_exactly(args[1], &curses_window_type))
        return raise_type_error(t, "replace() argument 1 must be _curses.window, not %Y", args[1]);
    WindowHandle *h = ((WindowObject *)args[1].bits)->handle, *old = NULL;
    curses_enter(t);
    int code = replace_panel(p->cell->panel, h->window);
    if (code != ERR) {
        old = p->cell->window;
        p->cell->window = h;
        fetch_add(&h->holders, 1u);
    }
    curses_leave(t);
    if (old)
        curses_handle_drop(old);
    CHECK(present(result(t, code, "replace_panel")));
    store(p, &p->window, args[1]);
    return NONE;
}

static Value set_userptr_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    store(as_panel(args[0]), &as_panel(args[0])->userptr, args[1]);
    return NONE;
}
static Value userptr_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    Value v = load(&as_panel(args[0])->userptr);
    return present(v) ? v : panel_error(t, "no userptr set");
}

static Value update_panels_(Thread *t, Value *args) {
    CHECK(curses_initialised(t));
    curses_enter(t);
    update_panels();
    curses_leave(t);
    return NONE;
}

static const NativeDef methods[] = {
    {"above(self, /)", above_, "Return the panel above the current panel."},
    {"below(self, /)", below_, "Return the panel below the current panel."},
    {"bottom(self, /)", bottom_, "Push the panel to the bottom of the stack."},
    {"hidden(self, /)", hidden_, "Return True if the panel is hidden (not visible), False otherwise."},
    {"hide(self, /)", hide_,
     "Hide the panel.\n\nThis does not delete the object, it just makes the window on screen\ninvisible."},
    {"move(self, y, x, /)", move_, "Move the panel to the screen coordinates (y, x).", NATIVE_COUNTS_NAMED},
    {"replace(self, win, /)", replace_, "Change the window associated with the panel to the window win.", NATIVE_COUNTS_NAMED},
    {"set_userptr(self, obj, /)", set_userptr_, "Set the panel's user pointer to obj.", NATIVE_COUNTS_NAMED},
    {"show(self, /)", show_,
     "Display the panel (which might have been hidden).\n\nThe panel is placed on top of the panel stack."},
    {"top(self, /)", top_, "Push panel to the top of the stack."},
    {"userptr(self, /)", userptr_, "Return the user pointer for the panel."},
    {"window(self, /)", window_, "Return the window object associated with the panel."},
    {NULL},
};

MODULE_TYPE(curses_panel_cell_type, _curses_panel) = {
    .head = {.object = {.meta = META_IMMORTAL, .type = &type_type}, .cell_flags = CELL_INTERNAL},
    .name_text = "_curses_panel.cell",
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(PanelCell),
};

MODULE_TYPE(curses_panel_type, _curses_panel) = {
    STATIC_TYPE_HEAD(trace_panel, NULL),
    .name_text = "_curses_panel.panel",
    .methods = methods,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(PanelObject),
};

static const NativeDef functions[] = {
    {"bottom_panel()", bottom_panel_, "Return the bottom panel in the panel stack."},
    {"new_panel(win, /)", new_panel_,
     "Return a panel object, associating it with the given window win.\n\nThe new panel is placed on top of the panel stack."},
    {"top_panel()", top_panel_, "Return the top panel in the panel stack."},
    {"update_panels()", update_panels_,
     "Updates the virtual screen after changes in the panel stack.\n\n"
     "This does not call curses.doupdate(), so you'll have to do this\nyourself."},
    {NULL},
};

static bool init(Thread *t, Value module) {
    if (absent(import_module(t, "_curses")))
        return false;
    if (is_none(curses_state(t, CURSES_PANELS)) && !curses_state_set(t, CURSES_PANELS, dict_new(t)))
        return false;
    return module_add_type(t, module, &curses_panel_type) &&
           curses_state_set(t, CURSES_PANEL_ERROR, module_new_exception(t, module, "error", &Exception_type)) &&
           module_add_text(t, module, "version", "2.1") && module_add_text(t, module, "__version__", "2.1");
}

NATIVE_MODULE(_curses_panel) = {
    .name = "_curses_panel",
    .functions = functions,
    .init = init,
    .types_from = &_curses_module,
};
