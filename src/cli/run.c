/* Running what the command line names: a command, a module, a file, standard input, a prompt.
 *
 * Threads: the main thread.
 */
#include "base/textbuf.h"
#include "cli/startup.h"
#include "compile/compile.h"
#include "modules/isolate_modules.h"
#include "modules/os_support.h"
#include "object/audit.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "syntax/parse.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/str/str.h"
#include "types/tuple.h"
#include "vm/eval.h"

#include <stdio.h>
#include <string.h>

static Value main_dict(Thread *t) {
    Value main = import_add_module(t, names.__main__);
    return absent(main) ? main : module_dict(main);
}

/* SystemExit's code: None is 0, an int itself, anything else is printed. */
static int exit_status(Thread *t, Value e) {
    Value code = is_instance_of(e, &SystemExit_type) ? ((SystemExitObject *)e.bits)->code : NO_VALUE;
    if (absent(code) || is_none(code))
        return 0;
    int64_t status;
    if (is_int(code))
        return int_to_i64(code, &status) ? (int)(status & 0xff) : 255;
    Value err = dict_get_str(t->isolate->sys_dict, names.stderr);
    Value text = to_str(t, code);
    if (present(err) && !is_none(err) && present(text)) {
        Value line = format_text(t, "%S\n", text);
        if (present(line) && present(call_method_1(t, err, names.write, line)) && present(call_method_0(t, err, names.flush)))
            return 1;
    }
    error_clear(t);
    return 1;
}

static void set_last(Thread *t, Value e) {
    Value traceback = load(&as_exception(e)->traceback);
    Value dict = t->isolate->sys_dict;
    if (!dict_set(t, dict, names.last_exc, e) || !dict_set(t, dict, names.last_type, from_object(type_of(e))) ||
        !dict_set(t, dict, names.last_value, e) ||
        !dict_set(t, dict, names.last_traceback, absent(traceback) ? NONE : traceback))
        error_clear(t);
}

int report_exception(Thread *t) {
    Value e = error_take(t);
    if (absent(e))
        return 1;
    if (is_instance_of(e, &SystemExit_type))
        return exit_status(t, e);
    bool interrupted = is_instance_of(e, &KeyboardInterrupt_type);
    set_last(t, e);
    Value traceback = load(&as_exception(e)->traceback);
    Value hook = dict_get_str(t->isolate->sys_dict, names.excepthook);
    Value args[4] = {NO_VALUE, from_object(type_of(e)), e, absent(traceback) ? NONE : traceback};
    if (!audit(t, "sys.excepthook", 4, present(hook) ? hook : NONE, args[1], args[2], args[3])) {
        if (error_catch(t, &RuntimeError_type))
            return 1;
        error_write_unraisable(t, NULL, NO_VALUE);
    }
    if (absent(hook)) {
        fputs("sys.excepthook is missing\n", stderr);
        Value plain = dict_get_text(t, t->isolate->sys_dict, "__excepthook__");
        if (present(plain) && absent(call(t, plain, args + 1, 3, NO_VALUE)))
            error_clear(t);
    } else if (absent(call(t, hook, args + 1, 3, NO_VALUE))) {
        Value second = error_take(t);
        if (present(second) && is_instance_of(second, &SystemExit_type))
            return exit_status(t, second);
        fputs("Error in sys.excepthook:\n", stderr);
        Value plain = dict_get_text(t, t->isolate->sys_dict, "__excepthook__");
        for (int i = 0; present(plain) && i < 2; i++) {
            Value shown = i == 0 ? second : e;
            Value tb = load(&as_exception(shown)->traceback);
            Value again[4] = {NO_VALUE, from_object(type_of(shown)), shown, absent(tb) ? NONE : tb};
            if (i == 1)
                fputs("\nOriginal exception was:\n", stderr);
            if (absent(call(t, plain, again + 1, 3, NO_VALUE)))
                error_clear(t);
        }
    }
    Value err = dict_get_str(t->isolate->sys_dict, names.stderr);
    if (present(err) && !is_none(err) && absent(call_method_0(t, err, names.flush)))
        error_clear(t);
    return interrupted ? STATUS_INTERRUPTED : 1;
}

static int finish(Thread *t, Value result) { return present(result) ? 0 : report_exception(t); }

static bool insert_path(Thread *t, const char *path) {
    Value list = dict_get_str(t->isolate->sys_dict, names.path), text = str_decode_filesystem(t, path, strlen(path));
    return present(text) && present(list) && is_list(list) && list_insert(t, list, 0, text);
}

static bool is_library(Thread *t, const char *path) {
    struct stat given, library;
    return os_fstatat(capabilities(t), AT_FDCWD, *path ? path : ".", &given, 0) == 0 &&
           os_fstatat(capabilities(t), AT_FDCWD, config(t)->library, &library, 0) == 0 && given.st_dev == library.st_dev &&
           given.st_ino == library.st_ino;
}

/* A script of the library itself must not find CPython's `dis` before the one that is Krait's own. */
bool put_first_path(Thread *t) {
    Config *c = config(t);
    if (!c->first_path)
        return true;
    return insert_path(t, c->first_path) && (!c->krait_library || !is_library(t, c->first_path) || insert_path(t, c->krait_library));
}

/* Makes `path` sys.path[0], here and in isolates to come; with -P nothing. */
static bool prepend_path(Thread *t, const char *path, size_t length) {
    Config *c = config(t);
    if (c->safe_path)
        return true;
    if (!(c->first_path = strndup(path, length))) {
        raise_no_memory(t);
        return false;
    }
    return put_first_path(t);
}

/* Lets tracebacks show the lines of `-c` text: linecache keeps them, if the program imports it before it fails. */
static bool register_lines(Thread *t, Value source, Value name, Value code) {
    Value linecache = import_module(t, "linecache");
    Value function = absent(linecache) ? linecache : get_attribute_text(t, linecache, "_register_code");
    return present(function) && present(call_3(t, function, code, source, name));
}

static int run_command(Thread *t) {
    const char *text = config(t)->target;
    size_t length = strlen(text);
    Value dict = main_dict(t);
    if (absent(dict) || !prepend_path(t, "", 0))
        return report_exception(t);
    /* Common leading white space goes, as in 3.14: the library's own function does it. */
    Value source = str_decode_filesystem(t, text, length);
    Value textwrap = strpbrk(text, " \t") == text || *text == '\n' ? import_module(t, "textwrap") : NO_VALUE;
    if (present(textwrap))
        source = call_1(t, get_attribute_text(t, textwrap, "dedent"), source);
    if (absent(source) || error_pending(t) || !audit(t, "cpython.run_command", 1, source))
        return report_exception(t);
    const char *utf8 = str_utf8(t, source, &length);
    if (!utf8) {
        fputs("Unable to decode the command from the command line:\n", stderr);
        return report_exception(t);
    }
    Value name = str_from_text(t, "<string>");
    Value code = compile_source(t, utf8, length, name, PARSE_EXEC, PARSE_IGNORE_COOKIE, optimization_level(t));
    if (absent(code) || !register_lines(t, source, name, code))
        return report_exception(t);
    return finish(t, vm_run_code(t, code, dict, dict));
}

static int run_module(Thread *t, const char *module, bool set_argv0) {
    Value runpy = import_module(t, "runpy");
    Value function = absent(runpy) ? runpy : get_attribute_text(t, runpy, "_run_module_as_main");
    Value name = str_decode_filesystem(t, module, strlen(module));
    if (absent(function) || absent(name) || !audit(t, "cpython.run_module", 1, name))
        return report_exception(t);
    return finish(t, call_2(t, function, name, from_bool(set_argv0)));
}

/* A folder or zip file with a __main__, or a folder in a zip file, is run through its importer. */
static bool has_importer(Thread *t, const char *path) {
    struct stat s;
    if (os_fstatat(capabilities(t), AT_FDCWD, path, &s, 0) != 0 && errno != ENOTDIR)
        return false;
    Value pkgutil_get = get_attribute_text(t, dict_get_text(t, t->isolate->modules, "_frozen_importlib_external"), "PathFinder");
    Value find = absent(pkgutil_get) ? pkgutil_get : get_attribute_text(t, pkgutil_get, "_path_importer_cache");
    Value importer = absent(find) ? find : call_1(t, find, str_decode_filesystem(t, path, strlen(path)));
    if (absent(importer))
        error_clear(t);
    return present(importer) && !is_none(importer);
}

static bool read_all(Thread *t, int fd, TextBuf *out) {
    textbuf_init(out);
    long got = 1;
    while (got > 0) {
        char *room = textbuf_reserve(out, 1 << 16);
        if (!room) {
            raise_no_memory(t);
            return false;
        }
        got = OS_BLOCKING(t, os_read(capabilities(t), fd, room, 1 << 16));
        if (got > 0)
            out->size += (size_t)got;
    }
    if (got < 0)
        os_error(t);
    return got == 0;
}

static bool is_compiled(const char *path) {
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".pyc") == 0;
}

/* The code in a .pyc file: its loader, which is in place by now, reads and checks it. */
static Value load_compiled(Thread *t, Value name) {
    Value loader = dict_get_str(main_dict(t), names.__loader__);
    return call_method_1(t, loader, str_intern_text(t, "get_code"), names.__main__);
}

/* Closes a file once it was read: the program does not have it open. */
static int run_source(Thread *t, int fd, const char *shown, bool is_file) {
    Value dict = main_dict(t), name = str_decode_filesystem(t, shown, strlen(shown));
    TextBuf source;
    bool read = present(dict) && present(name) && read_all(t, fd, &source);
    if (is_file)
        os_close(capabilities(t), fd);
    if (!read)
        return report_exception(t);
    const char *text = source.data;
    size_t length = source.size;
    if (config(t)->skip_first_line) {
        const char *newline = memchr(text, '\n', length);
        length = newline ? length - (size_t)(newline - text) : 0; /* the line break stays: line numbers do not change */
        text = newline;
    }
    bool named = dict_set(t, dict, names.__file__, name) && dict_set(t, dict, names.__cached__, NONE);
    if (named && is_file) {
        Value external = dict_get_text(t, t->isolate->modules, "_frozen_importlib_external");
        Value loader = get_attribute_text(t, external, is_compiled(shown) ? "SourcelessFileLoader" : "SourceFileLoader");
        Value made = absent(loader) ? loader : call_2(t, loader, names.__main__, name);
        named = present(made) && dict_set(t, dict, names.__loader__, made);
    }
    Value code = !named ? NO_VALUE
                 : is_file && is_compiled(shown)
                     ? load_compiled(t, name)
                     : compile_source(t, text, length, name, PARSE_EXEC, is_file ? PARSE_FROM_FILE : 0, optimization_level(t));
    textbuf_free(&source);
    return finish(t, present(code) ? vm_run_code(t, code, dict, dict) : NO_VALUE);
}

/* The name as CPython shows it: made absolute with the working directory. */
static const char *absolute_name(const char *path, char *room, size_t size) {
    char folder[4096];
    if (path[0] == '/' || !getcwd(folder, sizeof folder))
        return path;
    snprintf(room, size, strcmp(path, ".") == 0 ? "%s" : "%s/%s", folder, path);
    return room;
}

/* What is to be run: an opened file, or a path that an importer knows (fd -1). `shown` is allocated. */
typedef struct Program {
    int fd;
    char *shown;
} Program;

/* Its folder comes first on the path. Returns the exit status if there is nothing to run, -1 if there is. Its buffers must not
 * be on the stack while the program runs: words that start-up left there would keep objects alive. */
[[gnu::noinline]] static int open_program(Thread *t, const char *path, Program *program) {
    const Config *c = config(t);
    char whole[8192];
    if (!audit(t, "cpython.run_file", 1, str_decode_filesystem(t, path, strlen(path))))
        return report_exception(t);
    program->fd = -1;
    program->shown = strdup(absolute_name(path, whole, sizeof whole));
    if (!program->shown)
        return report_exception(t);
    if (has_importer(t, path)) {
        config(t)->first_path = program->shown;
        return put_first_path(t) ? -1 : report_exception(t);
    }
    int fd = os_openat(capabilities(t), AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    int error = errno;
    struct stat s;
    if (fd < 0 || os_fstat(capabilities(t), fd, &s) != 0 || S_ISDIR(s.st_mode)) {
        if (fd >= 0 && S_ISDIR(s.st_mode))
            fprintf(stderr, "%s: '%s' is a directory, cannot continue\n", c->executable, path);
        else
            fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", c->executable, program->shown, error, strerror(error));
        return fd >= 0 ? 1 : 2;
    }
    char resolved[4096];
    const char *start = path;
    ssize_t link = os_readlinkat(capabilities(t), AT_FDCWD, path, resolved, sizeof resolved - 1);
    if (link > 0 && link < (ssize_t)sizeof resolved) {
        resolved[link] = 0;
        if (resolved[0] == '/')
            start = resolved;
    }
    char full[4096];
    const char *real = realpath(start, full) ? full : start;
    const char *slash = strrchr(real, '/');
    if (!prepend_path(t, real, slash ? (slash == real ? 1 : (size_t)(slash - real)) : 0)) {
        os_close(capabilities(t), fd);
        return report_exception(t);
    }
    program->fd = fd;
    return -1;
}

static int run_file(Thread *t) {
    Program program;
    int status = open_program(t, config(t)->target, &program);
    if (status >= 0)
        return status;
    return program.fd < 0 ? run_module(t, "__main__", false) : run_source(t, program.fd, program.shown, true);
}

static bool at_terminal(Thread *t) { return os_isatty(capabilities(t), 0) == 1 || config(t)->interactive; }

/* The library's own prompt on a terminal, else the plain one of lib/krait. */
static int run_prompt(Thread *t) {
    bool terminal = os_isatty(capabilities(t), 0) == 1 && os_isatty(capabilities(t), 1) == 1;
    if (terminal && !getenv("PYTHON_BASIC_REPL"))
        return run_module(t, "_pyrepl", false);
    Value prompt = import_module(t, "_krait_prompt");
    return finish(t, absent(prompt) ? prompt : call_method_0(t, prompt, str_intern_text(t, "main")));
}

static int run_stdin(Thread *t) {
    if (!prepend_path(t, "", 0) || !audit(t, "cpython.run_stdin", 0))
        return report_exception(t);
    if (!at_terminal(t) || (config(t)->target && !at_terminal(t)))
        return run_source(t, 0, "<stdin>", false);
    return run_prompt(t);
}

[[gnu::noinline]] static bool prepend_working_folder(Thread *t) {
    char folder[4096];
    if (!getcwd(folder, sizeof folder))
        folder[0] = 0;
    return prepend_path(t, folder, strlen(folder));
}

int run_program(Thread *t) {
    Config *c = config(t);
    int status;
    switch (c->mode) {
    case RUN_COMMAND:
        status = run_command(t);
        break;
    case RUN_MODULE:
        if (!c->safe_path && !prepend_working_folder(t))
            return report_exception(t);
        status = run_module(t, c->target, true);
        break;
    case RUN_FILE:
        status = strcmp(c->target, "-") == 0 ? run_stdin(t) : run_file(t);
        break;
    default:
        return run_stdin(t);
    }
    if (c->inspect && at_terminal(t))
        status = run_prompt(t);
    return status;
}
