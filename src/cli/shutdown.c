/* The end of an isolate: other threads are waited for, exit functions run, streams are flushed, objects finalized.
 *
 * Threads: the main thread, or for another isolate the one that ends it. Daemon threads that still run end there; in the main
 * isolate they stand still from then on.
 */
#include "cli/startup.h"
#include "modules/atexit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/interrupts.h"
#include "object/isolate.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "types/weakref.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void ignore(Thread *t, Value result, const char *what) {
    if (absent(result) && error_pending(t))
        error_write_unraisable(t, what, NO_VALUE);
}

static void wait_for_threads(Thread *t) {
    Value threading = dict_get_text(t, t->isolate->modules, "threading");
    if (present(threading) && !is_none(threading))
        ignore(t, call_method_0(t, threading, names._shutdown), "Exception ignored on threading shutdown");
}

static bool is_closed(Thread *t, Value stream) {
    Value closed = find_attribute(t, stream, names.closed);
    error_clear(t);
    return same(closed, TRUE);
}

static int flush_streams(Thread *t) {
    int status = 0;
    Value out = dict_get_str(t->isolate->sys_dict, names.stdout), err = dict_get_str(t->isolate->sys_dict, names.stderr);
    if (present(out) && !is_none(out) && !is_closed(t, out) && absent(call_method_0(t, out, names.flush))) {
        error_write_unraisable(t, "Exception ignored while flushing sys.stdout", NO_VALUE);
        status = -1;
    }
    if (present(err) && !is_none(err) && !is_closed(t, err) && absent(call_method_0(t, err, names.flush))) {
        error_clear(t);
        status = -1;
    }
    return status;
}

extern int __llvm_profile_write_file(void) __attribute__((weak));

/* What finalizers and the report of their errors need to the end; and what reports only look better with, modules that refer to much of
 * the library. */
static bool is_kept(Value name, bool library) {
    static const char *const kept[] = {"sys", "builtins", "io", "_io", "codecs", "warnings", "threading", "traceback", "linecache"};
    enum { OF_LIBRARY = 2 };
    size_t count = sizeof kept / sizeof *kept - (library ? 0 : OF_LIBRARY);
    for (size_t i = 0; is_str(name) && i < count; i++)
        if (str_equal_text(name, kept[i]))
            return true;
    return false;
}

/* Takes the modules out of sys.modules; leaves weak references to them, in the order of their import. */
static void release_modules(Thread *t, bool library_kept) {
    Value modules = t->isolate->modules, references = t->isolate->slots[ISOLATE_MODULES_AT_END], items = dict_items_list(t, modules);
    if (absent(references))
        references = isolate_keep(t, ISOLATE_MODULES_AT_END, list_new(t, 64));
    for (size_t i = 0; present(references) && present(items) && i < list_length(items); i++) {
        Value name = tuple_get(list_get(items, i), 0), module = tuple_get(list_get(items, i), 1);
        bool is_module = is_instance_of(module, &module_type);
        if (is_none(module) || (is_module && is_kept(name, library_kept)))
            continue;
        Value reference = is_module ? weakref_new(t, module, NO_VALUE) : NONE;
        if (absent(reference) || (is_module && !list_append(t, references, reference)) || !dict_set(t, modules, name, NONE))
            break;
    }
    error_clear(t);
}

/* Sets the module's names to None, as CPython does. */
static bool empty_module(Thread *t, Value module) {
    Value dict = module_dict(module), items = dict_items_list(t, dict);
    for (size_t i = 0; present(items) && i < list_length(items); i++) {
        Value name = tuple_get(list_get(items, i), 0);
        if (!str_equal_text(name, "__builtins__") && !dict_set(t, dict, name, NONE))
            return false;
    }
    return present(items);
}

/* Empties the modules that are still referred to, the last one first; of __main__, which is what finalizers use most, in a
 * second call. */
static bool empty_modules(Thread *t, bool main) {
    Value references = t->isolate->slots[ISOLATE_MODULES_AT_END];
    bool any = false;
    for (size_t i = present(references) ? list_length(references) : 0; i-- > 0;) {
        Value module = weakref_target(list_get(references, i));
        Value name = present(module) ? dict_get_str(module_dict(module), names.__name__) : NO_VALUE;
        if (absent(module) || (present(name) && is_str(name) && str_equal_text(name, "__main__")) != main)
            continue;
        any = true;
        if (!empty_module(t, module))
            error_clear(t);
    }
    return any;
}

/* An attribute of sys, and the one that holds what it was at the start. */
typedef struct Restored {
    const char *name, *own;
} Restored;

static void restore(Thread *t, const Restored *rows, size_t count) {
    Value sys = t->isolate->sys_dict;
    for (size_t i = 0; i < count; i++) {
        Value own = dict_get_text(t, sys, rows[i].own);
        if (present(own) && !dict_set_text(t, sys, rows[i].name, own))
            error_clear(t);
    }
}

/* The kept modules in their turn, but for those that cannot do without their names. */
static void empty_kept_modules(Thread *t) {
    static const Restored hook = {"breakpointhook", "__breakpointhook__"};
    restore(t, &hook, 1);
    Value items = dict_items_list(t, t->isolate->modules);
    for (size_t i = 0; present(items) && i < list_length(items); i++) {
        Value name = tuple_get(list_get(items, i), 0), module = tuple_get(list_get(items, i), 1);
        if (is_instance_of(module, &module_type) && !str_equal_text(name, "sys") && !str_equal_text(name, "builtins") &&
            !str_equal_text(name, "threading") &&
            !empty_module(t, module))
            error_clear(t);
    }
    error_clear(t);
}

/* Takes from the modules that are kept what the program left there: the interpreter's own attributes that hold its objects, its
 * streams and hooks, what it added to builtins, what threading has called already. */
static void release_kept(Thread *t) {
    static const char *const dropped[] = {"path", "argv", "ps1", "ps2", "last_exc", "last_type", "last_value", "last_traceback",
                                          "path_hooks", "path_importer_cache", "meta_path"};
    static const Restored restored[] = {
        {"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}, {"displayhook", "__displayhook__"},
        {"excepthook", "__excepthook__"}};
    Value sys = t->isolate->sys_dict, builtins = t->isolate->builtins, names_now = dict_keys_list(t, builtins);
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (present(dict_get_text(t, sys, dropped[i])) && !dict_set_text(t, sys, dropped[i], NONE))
            error_clear(t);
    restore(t, restored, sizeof restored / sizeof *restored);
    Value threading = dict_get_text(t, t->isolate->modules, "threading");
    if (present(threading) && is_instance_of(threading, &module_type)) {
        Value called = dict_get_text(t, module_dict(threading), "_threading_atexits");
        if (present(called) && is_list(called) && absent(call_method_0(t, called, names.clear)))
            error_clear(t);
    }
    for (size_t i = t->isolate->own_builtins; present(names_now) && i < list_length(names_now); i++)
        if (dict_delete(t, builtins, list_get(names_now, i)) < 0)
            error_clear(t);
    error_clear(t);
}

/* What is left by now hangs in cycles from something that lasts as long as the process, such as a hook for forks. CPython finalizes that
 * without its sys, so that nobody hears that the finalizers miss their modules. */
static void silence(Thread *t) {
    if (!dict_set_text(t, t->isolate->sys_dict, "stderr", NONE))
        error_clear(t);
}

/* Drops what modules hold. Finalizers of what only the modules held run while these are whole; then a module that others
 * still refer to is emptied: the cycles through it have ended then. Where the program made nothing with a finalizer, or
 * nothing is left that has one, the process's end is enough. */
static void clear_modules(Thread *t) {
    if (!heap_is_watched(t))
        return;
    /* What the program left on the C stack keeps nothing alive, in the holes of the callers' frames neither, which hold no cell
     * any more: from here on only the isolate's roots are used. */
    t->heap.stack_entry = t->heap.stack_start;
    release_modules(t, true);
    release_kept(t);
    heap_finalize_all(t);
    if (finalizers_remain(t)) {
        release_modules(t, false);
        heap_finalize_all(t);
    }
    for (int main = 0; main <= 1 && finalizers_remain(t); main++)
        if (empty_modules(t, main)) {
            silence(t);
            heap_finalize_all(t);
        }
    if (finalizers_remain(t)) {
        empty_kept_modules(t);
        silence(t);
        heap_finalize_all(t);
    }
}

/* Isolates that the program left open. */
static void end_other_isolates(Thread *t) {
    if (isolate_end_others(t) && !warn(t, &RuntimeWarning_type, 1, "remaining subinterpreters; "
                                       "close them with Interpreter.close()"))
        error_write_unraisable(t, NULL, NO_VALUE);
}

bool finish_isolate(Thread *t) {
    error_clear(t);
    if (absent(t->isolate->sys_dict))
        return true;
    wait_for_threads(t);
    if (t->is_main)
        end_other_isolates(t);
    atexit_run(t);
    store_relaxed(&t->isolate->finalizing, true);
    isolate_stop_threads(t);
    bool flushed = flush_streams(t) == 0;
    void (*forget_signal_handlers)(Thread *) = load_relaxed(&interrupt_hooks.forget_signal_handlers);
    if (t->is_main && forget_signal_handlers)
        forget_signal_handlers(t);
    clear_modules(t);
    return flushed && flush_streams(t) == 0; /* what could not be written once is not tried again */
}

int shutdown_process(Thread *t, int status) {
    if (!finish_isolate(t))
        status = 120;
    fflush(NULL);
    if (status == STATUS_INTERRUPTED) {
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
        status = 128 + SIGINT; /* the signal is blocked */
    }
    if (__llvm_profile_write_file) /* a build that measures itself: make profile */
        __llvm_profile_write_file();
    _exit(status);
}
