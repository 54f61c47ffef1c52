/* The import statement's native part: fast answers from sys.modules, everything else by the library's importlib.
 *
 * Start-up runs importlib._bootstrap and _bootstrap_external, from their frozen code, and installs them as
 * _frozen_importlib and _frozen_importlib_external.
 *
 * Threads: sys.modules is a dict; a module that another thread is still initialising is waited for by importlib's own
 * module locks.
 */
#include "base/textbuf.h"
#include "compile/compile.h"
#include "modules/config.h"
#include "modules/frozen.h"
#include "modules/isolate_modules.h"
#include "modules/os_support.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "syntax/parse.h"
#include "types/bytes.h"
#include "types/descriptors.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/traceback.h"
#include "types/tuple.h"
#include "vm/eval.h"

#include <stdio.h>
#include <time.h>

const ModuleDef *native_module_find(Thread *t, Value name) {
    for (const NativeModule *p = __start_krait_modules; p < __stop_krait_modules; p++)
        if (str_equal_text(name, p->name))
            return p->def;
    return NULL;
}

Value native_module_names(Thread *t) {
    Value list = TRY(list_new(t, 64));
    for (const NativeModule *p = __start_krait_modules; p < __stop_krait_modules; p++)
        CHECK(list_append(t, list, TRY(str_intern_text(t, p->name))));
    CHECK(list_sort(t, list, NO_VALUE, false));
    return list_to_tuple(t, list);
}

Value import_add_module(Thread *t, Value name) {
    Value module = dict_get(t, t->isolate->modules, name);
    if (present(module) || error_pending(t))
        return module;
    module = TRY(module_new(t, name));
    CHECK(dict_set(t, t->isolate->modules, name, module));
    return module;
}

static Value importlib_function(Thread *t, const char *name) {
    if (absent(t->isolate->importlib))
        return raise_error(t, &ImportError_type, "the import system is not started yet");
    return get_attribute_text(t, t->isolate->importlib, name);
}

/* sys.modules may have been replaced by Python code. */
static Value modules_mapping(Thread *t) {
    Value modules = present(t->isolate->sys_dict) ? dict_get_str(t->isolate->sys_dict, names.modules) : NO_VALUE;
    return present(modules) ? modules : t->isolate->modules;
}

static Value find_module(Thread *t, Value name) {
    Value modules = modules_mapping(t);
    if (is_dict(modules))
        return dict_get(t, modules, name);
    Value module = get_item(t, modules, name);
    if (absent(module))
        error_catch(t, &KeyError_type);
    return module;
}

/* Waits for a module that another thread is initialising. 1: it waited, 0: there was no need, -1: error. */
static int wait_for_initialisation(Thread *t, Value module, Value name) {
    Value spec = find_attribute(t, module, names.__spec__);
    if (absent(spec))
        return error_pending(t) ? -1 : 0;
    if (is_none(spec))
        return 0;
    Value initializing = find_attribute(t, spec, names._initializing);
    int is = absent(initializing) ? (error_pending(t) ? -1 : 0) : truth(t, initializing);
    if (is <= 0)
        return is;
    Value function = importlib_function(t, "_lock_unlock_module");
    return present(function) && present(call_1(t, function, name)) ? 1 : -1;
}

/* The package that a relative import starts from. */
static Value calling_package(Thread *t, Value globals) {
    if (absent(globals) || !is_dict(globals))
        return raise_error(t, &KeyError_type, "'__name__' not in globals");
    Value package = dict_get_str(globals, names.__package__), spec = dict_get_str(globals, names.__spec__);
    if (present(package) && !is_none(package)) {
        if (!is_str(package))
            return raise_type_error(t, "package must be a string");
        return package;
    }
    if (present(spec) && !is_none(spec)) {
        Value parent = TRY(get_attribute(t, spec, names.parent));
        return is_str(parent) ? parent : raise_type_error(t, "__spec__.parent must be a string");
    }
    CHECK(warn(t, &ImportWarning_type, 1,
               "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__"));
    Value name = dict_get_str(globals, names.__name__);
    if (absent(name))
        return raise_error(t, &KeyError_type, "'__name__' not in globals");
    if (!is_str(name))
        return raise_type_error(t, "__name__ must be a string");
    if (present(dict_get_str(globals, names.__path__)))
        return name;
    Value parts = TRY(call_method_1(t, name, str_intern_text(t, "rpartition"), TRY(str_from_char(t, '.'))));
    return tuple_get(parts, 0);
}

static Value resolve_name(Thread *t, Value name, Value globals, int64_t level) {
    Value package = TRY(calling_package(t, globals));
    if (str_length(package) == 0)
        return raise_error(t, &ImportError_type, "attempted relative import with no known parent package");
    Value dot = TRY(str_from_char(t, '.'));
    for (int64_t i = 1; i < level; i++) {
        Value parts = TRY(call_method_1(t, package, str_intern_text(t, "rpartition"), dot));
        if (str_length(tuple_get(parts, 1)) == 0)
            return raise_error(t, &ImportError_type, "attempted relative import beyond top-level package");
        package = tuple_get(parts, 0);
    }
    return str_length(name) ? format_text(t, "%S.%S", package, name) : package;
}

static bool is_text(Value v, const char *text) { return is_str(v) && str_equal_text(v, text); }

/* Drops importlib's own frames from the traceback of a failed import: all of them for ImportError, else those chunks
 * that end in _call_with_frames_removed. */
static void remove_importlib_frames(Thread *t) {
    if (config(t)->verbose)
        return;
    Value error = error_take(t), *outer = NULL, *link;
    bool always = is_instance_of(error, &ImportError_type), inside = false;
    Value traceback = load(&as_exception(error)->traceback);
    Value first = traceback;
    link = &first;
    while (present(traceback) && is_exactly(traceback, &traceback_type)) {
        TracebackObject *tb = (TracebackObject *)traceback.bits;
        CodeObject *code = as_code(as_frame(tb->frame)->code);
        bool now = is_text(load(&code->filename), "<frozen importlib._bootstrap>") ||
                   is_text(load(&code->filename), "<frozen importlib._bootstrap_external>");
        if (now && !inside)
            outer = link;
        inside = now;
        if (inside && (always || is_text(code->name, "_call_with_frames_removed"))) {
            *outer = load(&tb->next);
            link = outer;
        } else {
            link = &tb->next;
        }
        store_many(tb);
        traceback = load(&tb->next);
    }
    exception_set_traceback(error, absent(first) ? NONE : first);
    error_restore(t, error);
}

/* -X importtime: a line on stderr for each import, in the order in which they end. Negative: the module was there already. */
static void say_import_time(Thread *t, Value name, int64_t own, int64_t whole) {
    struct ImportTimes *times = &t->isolate->import_times;
    Value method = str_intern_text(t, "encode"), codec = str_from_text(t, "utf-8"), errors = str_from_text(t, "backslashreplace");
    Value bytes = absent(method) || absent(codec) || absent(errors) ? NO_VALUE : call_method_2(t, name, method, codec, errors);
    if (!times->begun)
        fputs("import time: self [us] | cumulative | imported package\n", stderr);
    times->begun = true;
    const char *text = present(bytes) && is_bytes(bytes) ? as_bytes(bytes)->data : "?";
    if (whole < 0)
        fprintf(stderr, "import time: cached    | cached     | %*s%s\n", times->depth * 2, "", text);
    else
        fprintf(stderr, "import time: %9lld | %10lld | %*s%s\n", (long long)(own / 1000), (long long)(whole / 1000), times->depth * 2,
                "", text);
    keep_alive((void *)bytes.bits);
}

static int64_t import_clock(Thread *t) {
    struct timespec now = {0};
    return os_clock_gettime(capabilities(t), CLOCK_MONOTONIC, &now) == 0 ? now.tv_sec * INT64_C(1000000000) + now.tv_nsec : 0;
}

static int64_t import_time_begin(Thread *t) {
    t->isolate->import_times.within = 0;
    t->isolate->import_times.depth++;
    return import_clock(t);
}

/* An exception may be pending, which stays. */
static void import_time_end(Thread *t, Value name, int64_t started, int64_t within_outer) {
    Value pending = error_take(t);
    int64_t whole = import_clock(t) - started;
    t->isolate->import_times.depth--;
    say_import_time(t, name, whole - t->isolate->import_times.within, whole);
    t->isolate->import_times.within = within_outer + whole;
    error_clear(t);
    if (present(pending))
        error_restore(t, pending);
}

static bool audit_import(Thread *t, Value name) {
    Value sys = t->isolate->sys_dict;
    return audit(t, "import", 5, name, NONE, dict_get_text(t, sys, "path"), dict_get_text(t, sys, "meta_path"),
                 dict_get_text(t, sys, "path_hooks"));
}

static Value load_module(Thread *t, Value name) {
    Value module = find_module(t, name);
    CHECK(!error_pending(t));
    int timed = config(t)->import_time;
    if (present(module) && !is_none(module)) {
        int waited = wait_for_initialisation(t, module, name);
        CHECK(waited >= 0);
        if (unlikely(timed > 1))
            say_import_time(t, name, -1, -1);
        if (likely(!waited) || same(find_module(t, name), module))
            return module;
        CHECK(!error_pending(t)); /* the other thread's import failed: this one is made anew */
    }
    CHECK(!audited(t) || audit_import(t, name));
    Value function = TRY(importlib_function(t, "_find_and_load"));
    struct ImportTimes outer = t->isolate->import_times;
    int64_t started = timed ? import_time_begin(t) : 0;
    module = call_2(t, function, name, dict_get_str(t->isolate->builtins, names.__import__));
    if (timed)
        import_time_end(t, name, started, outer.within);
    if (absent(module))
        remove_importlib_frames(t);
    return module;
}

/* `import a.b.c` binds a: the first part of the name, or for a relative import what precedes the given name. */
static Value top_package(Thread *t, Value name, Value absolute_name, Value module, int64_t level) {
    if (level > 0 && str_length(name) == 0)
        return module;
    Value dot = TRY(str_from_char(t, '.'));
    int64_t at = str_find(t, name, dot, 0, str_length(name));
    if (at < 0)
        return module;
    if (level == 0)
        return load_module(t, TRY(str_intern(t, TRY(str_slice(t, name, 0, (size_t)at)))));
    size_t cut = str_length(name) - (size_t)at;
    Value front = TRY(str_slice(t, absolute_name, 0, str_length(absolute_name) - cut));
    Value package = find_module(t, front);
    if (absent(package) && !error_pending(t))
        return raise_error(t, &KeyError_type, "'%S' not in sys.modules as expected", front);
    return package;
}

Value import_module_level(Thread *t, Value name, Value globals, Value fromlist, int64_t level) {
    if (!is_str(name))
        return raise_type_error(t, "module name must be a string");
    if (level < 0)
        return raise_value_error(t, "level must be >= 0");
    Value absolute_name;
    if (level > 0)
        absolute_name = TRY(resolve_name(t, name, globals, level));
    else if (str_length(name) == 0)
        return raise_value_error(t, "Empty module name");
    else
        absolute_name = name;
    if (is_exactly(absolute_name, &str_type))
        absolute_name = TRY(str_intern(t, absolute_name));
    Value module = TRY(load_module(t, absolute_name));
    int has_from = absent(fromlist) || is_none(fromlist) ? 0 : truth(t, fromlist);
    CHECK(has_from >= 0);
    if (!has_from)
        return top_package(t, name, absolute_name, module, level);
    Value path = find_attribute(t, module, names.__path__);
    CHECK(!error_pending(t));
    if (absent(path) || is_none(path))
        return module;
    Value function = TRY(importlib_function(t, "_handle_fromlist"));
    return call_3(t, function, module, fromlist, dict_get_str(t->isolate->builtins, names.__import__));
}

Value import_module(Thread *t, const char *name) {
    Value text = TRY(str_intern_text(t, name));
    Value import = dict_get_str(t->isolate->builtins, names.__import__);
    if (absent(import))
        return raise_error(t, &ImportError_type, "__import__ not found");
    if (is_exactly(import, &native_function_type)) /* nobody put another in its place */
        return load_module(t, text);
    Value fromlist = TRY(tuple_pack(t, 1, names.__name__));
    Value args[6] = {NO_VALUE, text, NONE, NONE, fromlist, small_int(0)};
    return call(t, import, args + 1, 5, NO_VALUE);
}

/* Start-up */

/* The whole of a file; false with OSError pending. */
static bool read_file(Thread *t, const char *path, TextBuf *out) {
    textbuf_init(out);
    int fd = os_openat(capabilities(t), AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    ssize_t got = fd < 0 ? -1 : 1;
    while (fd >= 0 && got > 0) {
        char *room = textbuf_reserve(out, 1 << 16);
        got = room ? os_read(capabilities(t), fd, room, 1 << 16) : -1;
        if (got > 0)
            out->size += (size_t)got;
    }
    if (got < 0)
        raise_errno(t, out->failed ? ENOMEM : errno, str_decode_filesystem(t, path, strlen(path)), NO_VALUE);
    if (fd >= 0)
        os_close(capabilities(t), fd);
    return got == 0;
}

/* Compiles a source file of the library. */
static Value library_code(Thread *t, const char *relative, const char *shown) {
    TextBuf path, source;
    textbuf_init(&path);
    textbuf_format(&path, "%s/%s", config(t)->library, relative);
    textbuf_byte(&path, 0);
    Value code = NO_VALUE;
    if (!path.failed && read_file(t, path.data, &source)) {
        code = compile_source(t, source.data, source.size, str_from_text(t, shown), PARSE_EXEC, 0, optimization_level(t));
        textbuf_free(&source);
    }
    textbuf_free(&path);
    return code;
}

/* Runs a part of importlib in a new module: its frozen code, or where nothing is frozen yet, its source. */
static Value run_library_file(Thread *t, const char *relative, const char *module_name, const char *shown) {
    Value name = TRY(str_intern_text(t, module_name));
    const FrozenModule *frozen;
    Value code = TRY(frozen_find(t, name, &frozen) == FROZEN_OKAY ? frozen_code(t, frozen) : library_code(t, relative, shown));
    Value module = TRY(import_add_module(t, name)), dict = module_dict(module);
    CHECK(dict_set(t, dict, names.__builtins__, t->isolate->builtins_module));
    TRY(vm_run_code(t, code, dict, dict));
    if (frozen) /* for importlib, which finds itself among the frozen modules */
        CHECK(dict_set(t, dict, TRY(str_intern_text(t, "__origname__")), TRY(str_from_text(t, frozen->origin))));
    return module;
}

static Value native_module_in_modules(Thread *t, const char *name) {
    Value text = TRY(str_intern_text(t, name));
    const ModuleDef *def = native_module_find(t, text);
    if (!def)
        return raise_error(t, &ImportError_type, "no native module named %s", name);
    Value module = TRY(module_from_def(t, def));
    CHECK(dict_set(t, t->isolate->modules, text, module));
    return module;
}

bool import_start(Thread *t) {
    Value imp = native_module_in_modules(t, "_imp");
    Value bootstrap = absent(imp) ? imp : run_library_file(t, "importlib/_bootstrap.py", "_frozen_importlib",
                                                           "<frozen importlib._bootstrap>");
    if (absent(bootstrap))
        return false;
    publish(bootstrap);
    t->isolate->importlib = bootstrap;
    Value install = get_attribute_text(t, bootstrap, "_install");
    return present(install) && present(call_2(t, install, t->isolate->sys_module, imp));
}

bool import_start_external(Thread *t) {
    Value external = run_library_file(t, "importlib/_bootstrap_external.py", "_frozen_importlib_external",
                                      "<frozen importlib._bootstrap_external>");
    if (absent(external))
        return false;
    Value install = get_attribute_text(t, t->isolate->importlib, "_install_external_importers");
    return present(install) && present(call_0(t, install));
}
