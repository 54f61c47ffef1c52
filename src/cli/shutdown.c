/* The end of the isolate: other threads are waited for, exit functions run, streams are flushed, objects finalized.
 *
 * Threads: the main thread; daemon threads may still run and are left behind.
 */
#include "cli/startup.h"
#include "object/call.h"
#include "object/errors.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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

static void run_exit_functions(Thread *t) {
    Value atexit = dict_get_text(t, t->isolate->modules, "atexit");
    if (present(atexit) && !is_none(atexit))
        ignore(t, call_method_0(t, atexit, str_intern_text(t, "_run_exitfuncs")), "Exception ignored in atexit callback");
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

/* Drops what modules hold, __main__ first, so that finalizers run as they would under reference counting. Where the
 * program made nothing with a finalizer, the process's end is enough. */
static void clear_modules(Thread *t) {
    if (heap_watched(t) == t->isolate->watched_at_start)
        return;
    Value modules = t->isolate->modules;
    Value list = dict_items_list(t, modules);
    Value main = dict_get_str(modules, names.__main__);
    if (present(main) && is_instance_of(main, &module_type))
        dict_clear(t, module_dict(main));
    heap_collect_and_finalize(t);
    for (size_t i = present(list) ? list_length(list) : 0; i-- > 0;) {
        Value name = tuple_get(list_get(list, i), 0), module = tuple_get(list_get(list, i), 1);
        if (!is_instance_of(module, &module_type) || same(name, names.sys) || same(name, names.builtins))
            continue;
        bool kept = is_str(name) && (str_equal_text(name, "io") || str_equal_text(name, "_io") || str_equal_text(name, "codecs") ||
                                     str_equal_text(name, "warnings") || str_equal_text(name, "traceback") ||
                                     str_equal_text(name, "linecache") || str_equal_text(name, "threading"));
        if (kept)
            continue;
        dict_set(t, modules, name, NONE);
    }
    heap_collect_and_finalize(t);
}

int shutdown_isolate(Thread *t, int status) {
    error_clear(t);
    if (present(t->isolate->sys_dict)) {
        wait_for_threads(t);
        run_exit_functions(t);
        t->isolate->finalizing = true;
        if (flush_streams(t) < 0)
            status = 120;
        clear_modules(t);
        if (flush_streams(t) < 0)
            status = 120;
    }
    fflush(NULL);
    if (status == STATUS_INTERRUPTED) {
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    _exit(status);
}
