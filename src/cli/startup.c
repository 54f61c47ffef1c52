/* Start-up of an isolate, in the order that CPython starts in; see startup.h.
 *
 * Threads: the isolate's first thread is the only one.
 */
#include "cli/startup.h"
#include "modules/isolate_modules.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/list.h"
#include "types/str/str.h"

#include <stdio.h>

/* Before there is a sys.stderr to print to. Of another isolate than the main one its host is told. */
static bool failed(Thread *t, const char *what) {
    if (!t->is_main)
        return false;
    fprintf(stderr, "Fatal Python error: %s\n", what);
    Value e = error_take(t);
    if (present(e)) {
        Value text = to_str(t, e);
        const char *utf8 = present(text) ? str_utf8(t, text, NULL) : NULL;
        fprintf(stderr, "%s: %s\n", type_of(e)->name_text, utf8 ? utf8 : "?");
    }
    return false;
}

static bool add_path_hook(Thread *t) {
    Value zipimport = import_module(t, "zipimport");
    Value importer = absent(zipimport) ? zipimport : get_attribute_text(t, zipimport, "zipimporter");
    Value hooks = dict_get_text(t, t->isolate->sys_dict, "path_hooks");
    if (absent(importer)) {
        if (!error_catch(t, &Exception_type))
            return false;
        /* zip files cannot be imported from, nothing else is lost */
        return true;
    }
    return present(hooks) && list_insert(t, hooks, 0, importer);
}

static bool make_main(Thread *t) {
    Value main = import_add_module(t, names.__main__);
    if (absent(main))
        return false;
    Value dict = module_dict(main), loader = dict_get_text(t, module_dict(t->isolate->importlib), "BuiltinImporter");
    return present(loader) && dict_set(t, dict, names.__builtins__, t->isolate->builtins_module) &&
           dict_set(t, dict, names.__loader__, loader);
}

/* An exception from site is shown, and start-up goes on, as in CPython; SystemExit ends it. */
static bool import_site(Thread *t) {
    if (config(t)->no_site || present(import_module(t, "site")))
        return true;
    if (!t->is_main)
        return false;
    fputs("Fatal Python error: init_import_site: Failed to import the site module\nPython runtime state: initialized\n", stderr);
    report_exception(t);
    return false;
}

static bool import_warnings(Thread *t) {
    if (config(t)->warnings.count == 0 || present(import_module(t, "warnings")))
        return true;
    fputs("'import warnings' failed; traceback:\n", stderr);
    report_exception(t);
    return true;
}

static bool enable_faulthandler(Thread *t) {
    Value module = import_module(t, "faulthandler");
    return present(module) && present(call_method_0(t, module, str_intern_text(t, "enable")));
}

static bool start_tracemalloc(Thread *t) {
    Value module = import_module(t, "_tracemalloc");
    return present(module) && present(call_method_1(t, module, str_intern_text(t, "start"), small_int(config(t)->tracemalloc)));
}

bool startup(Thread *t) {
    if (!builtins_start(t))
        return failed(t, "the builtins module cannot be made");
    if (!sys_start(t))
        return failed(t, "the sys module cannot be made");
    Value printer = std_printer_new(t);
    if (absent(printer) || !dict_set_text(t, t->isolate->sys_dict, "stderr", printer))
        return failed(t, "the sys module cannot be made");
    if (!import_start(t))
        return failed(t, "the import system cannot be started");
    if (!import_start_external(t))
        return failed(t, "the path-based import system cannot be started");
    if (absent(import_module(t, "encodings")))
        return failed(t, "no encodings: is the standard library there?");
    if (!add_path_hook(t) || !make_main(t))
        return failed(t, "the main module cannot be made");
    if (absent(import_module(t, "_signal"))) /* from here on, SIGINT ends in KeyboardInterrupt */
        return failed(t, "signals cannot be handled");
    if (!streams_open(t))
        return failed(t, "can't initialize sys standard streams");
    if (config(t)->faulthandler && !enable_faulthandler(t))
        return failed(t, "the fault handler cannot be enabled");
    if (config(t)->tracemalloc && !start_tracemalloc(t))
        return failed(t, "tracemalloc cannot be started");
    t->isolate->no_debug_ranges = config(t)->no_debug_ranges;
    t->isolate->int_max_str_digits = config(t)->int_max_str_digits;
    t->isolate->bytes_warning = config(t)->bytes_warning > 0;
    t->isolate->check_encodings = config(t)->dev_mode;
    bool ready = import_warnings(t) && import_site(t) && put_first_path(t);
    heap_begin_watch(t);
    return ready;
}
