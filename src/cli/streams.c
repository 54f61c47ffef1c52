/* sys.stdin, sys.stdout and sys.stderr, and what of them is left at the end.
 *
 * Threads: the main thread of an isolate, at start-up and at its end.
 */
#include "cli/startup.h"
#include "object/call.h"
#include "object/errors.h"
#include "modules/io/io.h"
#include "os/os.h"

#include "types/dict/dict.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <strings.h>

static bool is_open(Thread *t, int fd) {
    struct stat s;
    return os_fstat(&t->isolate->capabilities, fd, &s) == 0;
}

/* The encoding of the standard streams, by the name that its codec has. */
static Value stdio_encoding(Thread *t) {
    const Config *c = config(t);
    const char *name = c->stdio_encoding ? c->stdio_encoding : c->utf8_mode ? "utf-8" : nl_langinfo(CODESET);
    if (!*name || strcasecmp(name, "utf-8") == 0)
        return str_from_text(t, "utf-8");
    Value codecs = TRY(import_module(t, "codecs"));
    Value codec = TRY(call_method_1(t, codecs, TRY(str_intern_text(t, "lookup")), TRY(str_from_text(t, name))));
    return get_attribute_text(t, codec, "name");
}

/* open(fd, mode, buffering, closefd=False) */
static Value open_raw(Thread *t, Value io, int fd, const char *mode, int buffering) {
    Value open = TRY(get_attribute_text(t, io, "open"));
    Value kwnames = TRY(tuple_pack(t, 1, str_intern_text(t, "closefd")));
    Value args[5] = {NO_VALUE, small_int(fd), TRY(str_from_text(t, mode)), small_int(buffering), FALSE};
    return call(t, open, args + 1, 3, kwnames);
}

/* The layers of io.open by hand: names and buffering of standard streams differ a little from those of files. */
static Value open_stream(Thread *t, Value io, int fd, bool writing, Value name, const char *errors) {
    const Config *c = config(t);
    if (!is_open(t, fd))
        return NONE;
    bool unbuffered = c->unbuffered && writing;
    Value buffer = TRY(open_raw(t, io, fd, writing ? "wb" : "rb", unbuffered ? 0 : -1));
    Value raw = unbuffered ? buffer : TRY(get_attribute_text(t, buffer, "raw"));
    CHECK(set_attribute(t, raw, names.name, name));
    Value isatty = TRY(call_method_0(t, raw, names.isatty));
    bool line_buffering = !unbuffered && writing && (same(isatty, TRUE) || fd == 2);
    Value wrapper = TRY(get_attribute_text(t, io, "TextIOWrapper"));
    Value args[7] = {NO_VALUE, buffer, TRY(stdio_encoding(t)),
                     TRY(str_from_text(t, errors)), TRY(str_from_text(t, "\n")), from_bool(line_buffering),
                     from_bool(unbuffered)};
    if (!writing)
        args[4] = NONE;
    Value text = TRY(call(t, wrapper, args + 1, 6, NO_VALUE));
    CHECK(set_attribute(t, text, names.mode, TRY(str_from_text(t, writing ? "w" : "r"))));
    return text;
}

static bool add_stream(Thread *t, Value io, int fd, const char *name, const char *shown, const char *errors) {
    Value stream = open_stream(t, io, fd, fd > 0, str_from_text(t, shown), errors);
    char original[32];
    snprintf(original, sizeof original, "__%s__", name);
    return present(stream) && dict_set_text(t, t->isolate->sys_dict, name, stream) &&
           dict_set_text(t, t->isolate->sys_dict, original, stream);
}

/* In the C locale bytes that are not UTF-8 pass through; elsewhere they are errors. */
static const char *default_errors(const Config *c) {
    const char *locale = setlocale(LC_CTYPE, NULL);
    static const char *const plain_ones[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"};
    bool plain = false;
    for (size_t i = 0; locale && i < sizeof plain_ones / sizeof *plain_ones; i++)
        plain |= strcmp(locale, plain_ones[i]) == 0;
    return c->stdio_errors ? c->stdio_errors : plain || c->utf8_mode ? "surrogateescape" : "strict";
}

bool streams_open(Thread *t) {
    if (t->isolate->config->unbuffered && t->isolate->id == 0) /* the C library's, for what writes by those */
        for (size_t i = 0; i < 3; i++)
            setvbuf((FILE *[]){stdin, stdout, stderr}[i], NULL, _IONBF, 0);
    Value io = import_module(t, "io");
    if (absent(io))
        return false;
    const char *errors = default_errors(config(t));
    Value open = get_attribute_text(t, io, "open");
    return present(open) && dict_set_text(t, t->isolate->builtins, "open", open) &&
           add_stream(t, io, 2, "stderr", "<stderr>", "backslashreplace") && add_stream(t, io, 0, "stdin", "<stdin>", errors) &&
           add_stream(t, io, 1, "stdout", "<stdout>", errors);
}

/* The objects of the standard streams: each stream, its buffer, its file. Flushed, they have nothing to do at their end. */
typedef struct StandardStreams {
    Value objects[9];
    size_t count;
} StandardStreams;

/* Only those that sys.stdout and sys.stderr still are have been flushed. */
static void find_standard_streams(Thread *t, StandardStreams *found) {
    Value dict = t->isolate->sys_dict;
    const Value streams[][2] = {
        {dict_get_text(t, dict, "__stdin__"), NO_VALUE},
        {dict_get_text(t, dict, "__stdout__"), dict_get_str(dict, names.stdout)},
        {dict_get_text(t, dict, "__stderr__"), dict_get_str(dict, names.stderr)},
    };
    found->count = 0;
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        Value o = streams[i][0];
        if (absent(o) || !is_exactly(o, &text_io_wrapper_type) || (i > 0 && !same(o, streams[i][1])))
            continue;
        Value buffer = get_attribute_text(t, o, "buffer");
        Value raw = present(buffer) ? get_attribute_text(t, buffer, "raw") : NO_VALUE; /* -u: none */
        found->objects[found->count++] = o;
        if (present(buffer))
            found->objects[found->count++] = buffer;
        if (present(raw))
            found->objects[found->count++] = raw;
    }
    error_clear(t);
}

static bool is_no_standard_stream(void *context, Object *o) {
    StandardStreams *streams = context;
    for (size_t i = 0; i < streams->count; i++)
        if (as_object(streams->objects[i]) == o)
            return false;
    return true;
}

bool finalizers_remain(Thread *t) {
    StandardStreams streams;
    find_standard_streams(t, &streams);
    return heap_awaits_finalizer(t, is_no_standard_stream, &streams);
}
