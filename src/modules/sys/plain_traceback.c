/* Tracebacks without the traceback module: of exceptions that nobody can handle, and where Python code cannot be run.
 *
 * One line of source per frame, no marks beneath it, and no exceptions that it came from.
 * Threads: writes to the stream it is given; reads frames that have ended or are the thread's own.
 */
#include "compile/code.h"
#include "modules/sys/sys.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/traceback.h"
#include "vm/frame.h"

enum { DEFAULT_LIMIT = 1000, SHOWN_REPEATS = 3 };

static bool write(Thread *t, Value out, Value text) {
    return present(text) && present(call_method_1(t, out, names.write, text));
}

/* The line, without its indentation, from the file; nothing where it cannot be read. */
static bool write_source_line(Thread *t, Value out, Value filename, int32_t line) {
    Value linecache = import_module(t, "linecache");
    Value args[3] = {NO_VALUE, filename, small_int(line)};
    Value function = absent(linecache) ? linecache : get_attribute_text(t, linecache, "getline");
    Value text = absent(function) ? function : call(t, function, args + 1, 2, NO_VALUE);
    if (present(text))
        text = call_method_0(t, text, str_intern_text(t, "strip"));
    if (absent(text)) {
        error_clear(t);
        return true;
    }
    return str_length(text) == 0 || write(t, out, format_text(t, "    %S\n", text));
}

static bool write_repeats(Thread *t, Value out, int64_t count) {
    return count <= SHOWN_REPEATS ||
           write(t, out, format_text(t, "  [Previous line repeated %lld more time%s]\n", (long long)(count - SHOWN_REPEATS),
                                     count - SHOWN_REPEATS == 1 ? "" : "s"));
}

static int64_t traceback_limit(Thread *t) {
    Value limit = dict_get_text(t, t->isolate->sys_dict, "tracebacklimit");
    int64_t n;
    return present(limit) && is_int(limit) ? int_to_i64(limit, &n) ? n : INT64_MAX : DEFAULT_LIMIT;
}

static Value next_of(Value traceback) { return load(&((TracebackObject *)traceback.bits)->next); }

/* The innermost frames, as many as sys.tracebacklimit says; lines that recursion repeats are counted. */
static bool write_frames(Thread *t, Value out, Value traceback) {
    int64_t limit = traceback_limit(t), depth = 0, repeats = 0;
    for (Value tb = traceback; present(tb); tb = next_of(tb))
        depth++;
    if (limit <= 0)
        return true;
    if (!write(t, out, str_from_text(t, "Traceback (most recent call last):\n")))
        return false;
    CodeObject *last = NULL;
    int32_t last_line = -1;
    for (Value tb = traceback; present(tb); tb = next_of(tb), depth--) {
        if (depth > limit)
            continue;
        FrameObject *frame = (FrameObject *)((TracebackObject *)tb.bits)->frame.bits;
        CodeObject *code = as_code(frame->code);
        int32_t line = traceback_lineno(t, tb);
        if (code != last || line != last_line) {
            if (!write_repeats(t, out, repeats))
                return false;
            last = code;
            last_line = line;
            repeats = 0;
        }
        if (++repeats <= SHOWN_REPEATS &&
            (!write(t, out, format_text(t, "  File \"%S\", line %d, in %S\n", load(&code->filename), line, code->name)) ||
             !write_source_line(t, out, load(&code->filename), line)))
            return false;
    }
    return write_repeats(t, out, repeats);
}

/* Without the module where that is builtins or __main__. */
static Value shown_name(Thread *t, Type *type) {
    Value module = TRY(get_attribute(t, from_object(type), names.__module__));
    Value name = TRY(get_attribute(t, from_object(type), names.__qualname__));
    bool plain = is_str(module) && (str_equal_text(module, "builtins") || str_equal_text(module, "__main__"));
    return plain ? name : format_text(t, "%S.%S", module, name);
}

Value write_plain_traceback(Thread *t, Value out, Value exception, Value traceback) {
    if (present(traceback) && !is_none(traceback))
        CHECK(write_frames(t, out, traceback));
    Value name = TRY(shown_name(t, type_of(exception))), text = to_str(t, exception);
    if (absent(text)) {
        error_clear(t);
        text = TRY(str_from_text(t, "<exception str() failed>"));
    }
    CHECK(write(t, out, format_text(t, "%S: %S\n", name, text)));
    return NONE;
}
