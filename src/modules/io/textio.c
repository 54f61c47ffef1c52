/* _io.TextIOWrapper: construction, writing, properties.
 *
 * Threads: see text.h.
 */
#include "modules/config.h"
#include "modules/io/text.h"
#include "types/str/codecs.h"
#include "vm/drop.h"


enum { TEXT_CHUNK_SIZE = 8192 };

static void trace(Tracer *tracer, Object *o) {
    TextIo *x = (TextIo *)o;
    trace_values(tracer, &x->buffer, (size_t)(&x->snapshot_flags - &x->buffer) + 1);
    io_trace(tracer, o);
}

static void release(Object *o) {
    TextIo *x = (TextIo *)o;
    heap_external_memory_gone(o, x->pending_capacity);
    free(x->pending);
    x->pending = NULL;
}

bool text_check(Thread *t, Value self) {
    TextIo *x = as_text(self);
    if (likely(load_relaxed(&x->ok)))
        return true;
    raise_value_error(t, load_relaxed(&x->detached) ? "underlying buffer has been detached"
                                                    : "I/O operation on uninitialized object");
    return false;
}

/* For methods that hold no lock: another thread may be detaching it. */
static Value present_buffer(Thread *t, Value self) {
    Value buffer = load(&as_text(self)->buffer);
    return present(buffer) ? buffer : raise_value_error(t, "underlying buffer has been detached");
}

static int is_closed(Thread *t, TextIo *x) { return io_is_closed(t, x->buffer); }

bool text_check_open(Thread *t, Value self) {
    if (!text_check(t, self))
        return false;
    int closed = is_closed(t, as_text(self));
    if (closed > 0)
        raise_value_error(t, "I/O operation on closed file.");
    return closed == 0;
}

static bool ask(Thread *t, Value o, Value method, bool *out) {
    Value v = call_method_0(t, o, method);
    return present(v) && as_bool(t, v, out);
}

/* Bytes that follow others carry no byte order mark. */
static bool fix_encoder(Thread *t, TextIo *x) {
    if (!x->seekable || absent(x->encoder))
        return true;
    Value position = call_method_0(t, x->buffer, names.tell);
    if (absent(position))
        return false;
    int moved = compare_true(t, COMPARE_NE, position, small_int(0));
    return moved >= 0 && (!moved || text_encoder_reset(t, x, false));
}

static bool no_nul(Thread *t, Value text) {
    size_t length;
    const char *utf8 = str_utf8(t, text, &length);
    if (utf8 && strlen(utf8) != length)
        raise_value_error(t, "embedded null character");
    return utf8 && strlen(utf8) == length;
}

static bool initialise(Thread *t, TextIo *x, Value *args) {
    Value encoding = args[2], errors = args[3];
    if (is_none(encoding) && config(t)->warn_default_encoding &&
        !warn(t, &EncodingWarning_type, 1, "'encoding' argument not specified"))
        return false;
    if (!newline_mode(t, args[4], &x->newline, "illegal newline value: %S"))
        return false;
    if (!is_none(encoding) && !is_str(encoding)) {
        raise_type_error(t, "TextIOWrapper() argument 'encoding' must be str or None, not %T", encoding);
        return false;
    }
    if (!is_none(errors) && !is_str(errors)) {
        raise_type_error(t, "TextIOWrapper() argument 'errors' must be str or None, not %T", errors);
        return false;
    }
    if (is_none(encoding) && config(t)->utf8_mode)
        encoding = str_from_text(t, "utf-8");
    else if (is_none(encoding) || str_equal_text(encoding, "locale"))
        encoding = text_locale_encoding(t);
    if (is_none(errors))
        errors = names.strict;
    if (absent(encoding) || !no_nul(t, encoding) || !no_nul(t, errors) ||
        (t->isolate->check_encodings && absent(codec_lookup_error(t, str_utf8(t, errors, NULL)))) ||
        !as_bool(t, args[5], &x->line_buffering) || !as_bool(t, args[6], &x->write_through))
        return false;
    x->newlines = (NewlineState){.translate = x->newline.translate};
    x->chunk_size = TEXT_CHUNK_SIZE;
    x->pending_length = 0;
    text_forget(x);
    store(x, &x->buffer, args[1]);
    if (!ask(t, args[1], names.readable, &x->readable) || !ask(t, args[1], names.writable, &x->writable) ||
        !text_set_codec(t, x, encoding, errors) || !ask(t, args[1], names.seekable, &x->seekable))
        return false;
    x->telling = x->seekable;
    Value read1 = find_attribute(t, args[1], names.read1);
    if (absent(read1) && error_pending(t))
        return false;
    x->has_read1 = present(read1);
    return fix_encoder(t, x);
}

static Value init(Thread *t, Value *args) {
    TextIo *x = as_text(args[0]);
    store_relaxed(&x->ok, false);
    store_relaxed(&x->detached, false);
    CHECK(initialise(t, x, args));
    store_relaxed(&x->ok, true);
    drop_at_return(t); /* with a wrapper its buffer is closed, which others may have: programs end loops over sys.stdin by that */
    return NONE;
}

Value text_io_new(Thread *t, Value *args) {
    TextIo *x = type_allocate(t, &text_io_wrapper_type);
    if (x == NULL)
        return NO_VALUE;
    CHECK(initialise(t, x, args));
    store_relaxed(&x->ok, true);
    return from_object(x);
}

/* Writing */

bool text_write_pending(Thread *t, TextIo *x) {
    if (x->pending_length == 0)
        return true;
    Value bytes = bytes_new(t, x->pending, x->pending_length);
    if (absent(bytes))
        return false;
    x->pending_length = 0;
    Value result, buffer = x->buffer;
    while (absent(result = call_method_1(t, buffer, names.write, bytes)))
        if (!io_caught_interrupt(t))
            return false;
    return true;
}

static bool append_pending(Thread *t, TextIo *x, Value bytes) {
    size_t n = as_bytes(bytes)->length;
    if (x->pending_length + n > x->chunk_size && !text_write_pending(t, x))
        return false;
    while (n >= x->chunk_size && x->pending_length) /* written meanwhile, by the buffer's write() */
        if (!text_write_pending(t, x))
            return false;
    if (n >= x->chunk_size && x->pending_length == 0) { /* too long to gather */
        while (absent(call_method_1(t, x->buffer, names.write, bytes)))
            if (!io_caught_interrupt(t))
                return false;
        return true;
    }
    if (x->pending_length + n > x->pending_capacity) {
        size_t capacity = x->pending_length + n < TEXT_CHUNK_SIZE ? TEXT_CHUNK_SIZE : x->pending_length + n;
        char *larger = realloc(x->pending, capacity);
        if (larger == NULL) {
            raise_no_memory(t);
            return false;
        }
        heap_external_memory(t, (ptrdiff_t)(capacity - x->pending_capacity));
        x->pending = larger;
        x->pending_capacity = capacity;
    }
    if (n)
        memcpy(x->pending + x->pending_length, as_bytes(bytes)->data, n);
    x->pending_length += n;
    return true;
}

static bool has_char(Thread *t, Value text, uint32_t c) {
    const void *data = str_data(t, text);
    size_t n = str_length(text);
    if (str_kind(text) == 1)
        return memchr(data, (int)c, n) != NULL;
    for (size_t i = 0; i < n; i++)
        if (str_char(data, str_kind(text), i) == c)
            return true;
    return false;
}

static bool write_text(Thread *t, TextIo *x, Value text) {
    bool translate = x->newline.write_translate && x->newline.text[0] && strcmp(x->newline.text, "\n");
    bool line_end = (translate || x->line_buffering) && has_char(t, text, '\n');
    bool flush_line = x->line_buffering && (line_end || has_char(t, text, '\r'));
    if (translate && line_end) {
        Value from = str_from_char(t, '\n'), to = str_from_text(t, x->newline.text);
        text = absent(from) || absent(to) ? NO_VALUE : call_method_2(t, text, names.replace, from, to);
        if (absent(text))
            return false;
        if (!is_str(text)) { /* a subclass of str may do anything */
            raise_type_error(t, "replace() should return a str, not '%T'", text);
            return false;
        }
        if (!text_check_open(t, from_object(x)))
            return false;
        if (!x->writable) { /* by __init__() with another buffer */
            io_unsupported(t, "not writable");
            return false;
        }
    }
    Value bytes = text_encode(t, x, text);
    /* An encoder written in Python may have detached the buffer. */
    if (absent(bytes) || !text_check(t, from_object(x)) || !append_pending(t, x, bytes) ||
        !text_check(t, from_object(x)))
        return false;
    if ((x->pending_length >= x->chunk_size || flush_line || x->write_through) && !text_write_pending(t, x))
        return false;
    if (flush_line && (!text_check(t, from_object(x)) || absent(call_method_0(t, x->buffer, names.flush))))
        return false;
    /* What was read ahead is still to be read where reading and writing have places of their own: no position, no snapshot. */
    if (present(x->snapshot_bytes))
        text_forget(x);
    return !x->readable || text_decoder_reset(t, x);
}

static Value text_write(Thread *t, Value *args) {
    TextIo *x = as_text(args[0]);
    Value text = args[1];
    if (!is_str(text))
        return raise_type_error(t, "write() argument must be str, not %Y", text);
    CHECK(text_check_open(t, args[0]));
    if (!x->writable)
        return io_unsupported(t, "not writable");
    CHECK(str_data(t, text) != NULL);
    io_lock_again(t, &x->lock);
    bool ok = write_text(t, x, text);
    io_unlock(&x->lock);
    return ok ? small_int((int64_t)str_length(text)) : NO_VALUE;
}

static Value text_flush(Thread *t, Value *args) {
    TextIo *x = as_text(args[0]);
    CHECK(text_check_open(t, args[0]));
    x->telling = x->seekable;
    io_lock_again(t, &x->lock);
    bool ok = text_write_pending(t, x);
    io_unlock(&x->lock);
    CHECK(ok && text_check(t, args[0]));
    return call_method_0(t, x->buffer, names.flush);
}

static Value text_close(Thread *t, Value *args) {
    TextIo *x = as_text(args[0]);
    CHECK(text_check(t, args[0]));
    int closed = is_closed(t, x);
    CHECK(closed >= 0);
    if (closed || load_relaxed(&x->detached)) /* the latter by the buffer's own `closed` */
        return NONE;
    if (present(x->finalizing) && same(x->finalizing, TRUE) &&
        absent(call_method_1(t, x->buffer, names._dealloc_warn, args[0])))
        error_clear(t);
    Value error = NO_VALUE;
    if (absent(call_method_0(t, args[0], names.flush)))
        error = error_take(t);
    Value result = load_relaxed(&x->ok) ? call_method_0(t, x->buffer, names.close) : NONE; /* flush may have detached it */
    io_chain(t, error);
    return error_pending(t) ? NO_VALUE : result;
}

static Value text_detach(Thread *t, Value *args) {
    TextIo *x = as_text(args[0]);
    CHECK(text_check(t, args[0]));
    TRY(call_method_0(t, args[0], names.flush));
    CHECK(text_check(t, args[0]));
    Value buffer = x->buffer;
    store_relaxed(&x->detached, true);
    store_relaxed(&x->ok, false);
    store_release(&x->buffer.bits, 0); /* NOBARRIER: stores no reference */
    return buffer;
}

static Value text_truncate(Thread *t, Value *args) {
    CHECK(text_check(t, args[0]));
    TRY(call_method_0(t, args[0], names.flush));
    return call_method_1(t, as_text(args[0])->buffer, names.truncate, args[1]);
}

/* reconfigure(*, encoding, errors, newline, line_buffering, write_through) */

static bool change_codec(Thread *t, TextIo *x, Value encoding, Value errors) {
    if (is_none(encoding) && is_none(errors))
        return true;
    if (!is_none(encoding) && str_equal_text(encoding, "locale"))
        encoding = text_locale_encoding(t);
    if (is_none(errors))
        errors = names.strict;
    if (absent(encoding) || !text_set_codec(t, x, is_none(encoding) ? x->encoding : encoding, errors))
        return false;
    return !x->writable || fix_encoder(t, x);
}

/* An int, as in CPython: not any truth value. */
static bool flag_or_none(Thread *t, Value v, bool *flag) {
    int64_t number = *flag;
    if (!is_none(v) && !as_c_long(t, v, &number))
        return false;
    *flag = number != 0;
    return true;
}

static Value reconfigure(Thread *t, Value *args) {
    TextIo *x = as_text(args[0]);
    Value encoding = args[1], errors = args[2], newline = args[3];
    bool line_buffering = x->line_buffering, write_through = x->write_through;
    CHECK(text_check(t, args[0]));
    if (!is_none(encoding) && !is_str(encoding))
        return raise_type_error(t, "reconfigure() argument 'encoding' must be str or None, not %T", encoding);
    if (!is_none(errors) && !is_str(errors))
        return raise_type_error(t, "reconfigure() argument 'errors' must be str or None, not %T", errors);
    bool changes = !is_none(encoding) || !is_none(errors) || present(newline);
    if (changes && (present(x->snapshot_bytes) || present(x->decoded)))
        return io_unsupported(t, "It is not possible to set the encoding or newline of stream after the first read");
    NewlineMode mode = x->newline;
    CHECK(absent(newline) || newline_mode(t, newline, &mode, "illegal newline value: %S"));
    CHECK(flag_or_none(t, args[4], &line_buffering) && flag_or_none(t, args[5], &write_through));
    TRY(call_method_0(t, args[0], names.flush));
    if (present(newline)) {
        x->newline = mode;
        x->newlines = (NewlineState){.translate = mode.translate};
    }
    CHECK(change_codec(t, x, encoding, errors));
    x->line_buffering = line_buffering;
    x->write_through = write_through;
    return NONE;
}

/* What the buffer answers, and properties */

#define DELEGATE(name)                                                     \
    static Value text_##name(Thread *t, Value *args) {                     \
        CHECK(text_check(t, args[0]));                                     \
        return call_method_0(t, TRY(present_buffer(t, args[0])), names.name); \
    }
DELEGATE(seekable)
DELEGATE(readable)
DELEGATE(writable)
DELEGATE(fileno)
DELEGATE(isatty)
#undef DELEGATE

static bool needs_no_del(Object *o) {
    TextIo *x = (TextIo *)o;
    return present(x->buffer) && buffered_is_closed(x->buffer);
}

static Value get_closed(Thread *t, Value *args) {
    CHECK(text_check(t, args[0]));
    return get_attribute(t, TRY(present_buffer(t, args[0])), names.closed);
}
static Value get_name(Thread *t, Value *args) {
    CHECK(text_check(t, args[0]));
    return get_attribute(t, TRY(present_buffer(t, args[0])), names.name);
}
static Value get_buffer(Thread *t, Value *args) {
    CHECK(text_check(t, args[0]));
    return present_buffer(t, args[0]);
}
static Value get_errors(Thread *t, Value *args) { /* also after detach() */
    CHECK(load_relaxed(&as_text(args[0])->detached) || text_check(t, args[0]));
    return as_text(args[0])->errors;
}
static Value get_newlines(Thread *t, Value *args) {
    CHECK(text_check(t, args[0]));
    TextIo *x = as_text(args[0]);
    return x->newline.universal ? newlines_seen(t, x->newlines.seen) : NONE;
}
static Value get_line_buffering(Thread *t, Value *args) { return from_bool(as_text(args[0])->line_buffering); }
static Value get_write_through(Thread *t, Value *args) { return from_bool(as_text(args[0])->write_through); }
static Value get_finalizing(Thread *t, Value *args) {
    return present(as_text(args[0])->finalizing) ? as_text(args[0])->finalizing : FALSE;
}
static Value set_finalizing(Thread *t, Value *args) {
    bool value;
    CHECK(present(args[1]) && as_bool(t, args[1], &value));
    store(as_object(args[0]), &as_text(args[0])->finalizing, from_bool(value));
    return NONE;
}
static Value get_chunk_size(Thread *t, Value *args) {
    CHECK(text_check(t, args[0]));
    return small_int((int64_t)as_text(args[0])->chunk_size);
}
static Value set_chunk_size(Thread *t, Value *args) {
    int64_t size;
    if (absent(args[1]))
        return raise_attribute_error(t, args[0], names._CHUNK_SIZE, "attribute '_CHUNK_SIZE' of '_io.TextIOWrapper' objects cannot be deleted");
    CHECK(text_check(t, args[0]) && index_as_ssize(t, args[1], &size, false, &ValueError_type));
    if (size <= 0)
        return raise_value_error(t, "a strictly positive integer is required");
    as_text(args[0])->chunk_size = (size_t)size;
    return NONE;
}

static Value part(Thread *t, Value self, Value name, const char *format) {
    Value v = find_attribute(t, self, name);
    if (present(v))
        return format_text(t, format, v);
    return error_pending(t) && !error_catch(t, &ValueError_type) ? NO_VALUE : empty_str;
}

static Value text_repr(Thread *t, Value *args) {
    TextIo *x = as_text(args[0]);
    if (!load_relaxed(&x->ok) && !load_relaxed(&x->detached))
        return raise_value_error(t, "I/O operation on uninitialized object");
    Value type_name = TRY(type_qualified_name(t, type_of(args[0])));
    int running = repr_enter(t, args[0]);
    CHECK(running >= 0);
    if (running)
        return raise_error(t, &RuntimeError_type, "reentrant call inside %S.__repr__", type_name);
    Value name = part(t, args[0], names.name, " name=%R");
    Value mode = absent(name) ? name : part(t, args[0], names.mode, " mode=%R");
    repr_leave(t, args[0]);
    return absent(mode) ? mode : format_text(t, "<%S%S%S encoding=%R>", type_name, name, mode, x->encoding);
}

IO_GUARDED(init_guarded, init)
IO_GUARDED(text_detach_guarded, text_detach)
IO_GUARDED(text_write_guarded, text_write)
IO_GUARDED(text_read_guarded, text_read)
IO_GUARDED(text_readline_guarded, text_readline)
IO_GUARDED(text_flush_guarded, text_flush)
IO_GUARDED(text_close_guarded, text_close)
IO_GUARDED(text_seek_guarded, text_seek)
IO_GUARDED(text_tell_guarded, text_tell)
IO_GUARDED(text_truncate_guarded, text_truncate)
IO_GUARDED_NEXT(text_next_guarded, text_next)

static const NativeDef methods[] = {
    {"__init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)", init_guarded,
     NULL},
    {"__repr__(self, /)", text_repr, NULL},
    {"__del__(self, /)", io_base_del, NULL},
    {"detach(self, /)", text_detach_guarded, "Separates the buffer from the text stream and gives it."},
    {"reconfigure(self, /, *, encoding=None, errors=None, newline=<None>, line_buffering=None, "
     "write_through=None)",
     reconfigure, "Changes settings; what is given as None stays."},
    {"write(self, text, /)", text_write_guarded, "Writes a str; gives its length."},
    {"read(self, size=-1, /)", text_read_guarded, "Reads up to size characters, or all."},
    {"readline(self, size=-1, /)", text_readline_guarded, "The next line, of at most size characters."},
    {"flush(self, /)", text_flush_guarded, "Writes out what is buffered."},
    {"close(self, /)", text_close_guarded, "Flushes and closes the stream."},
    {"fileno(self, /)", text_fileno, NULL},
    {"seekable(self, /)", text_seekable, NULL},
    {"readable(self, /)", text_readable, NULL},
    {"writable(self, /)", text_writable, NULL},
    {"isatty(self, /)", text_isatty, NULL},
    {"seek(self, cookie, whence=0, /)", text_seek_guarded, "Goes to a position that tell() gave, to the start or the end."},
    {"tell(self, /)", text_tell_guarded, "The position, as a number that only seek() understands."},
    {"truncate(self, pos=None, /)", text_truncate_guarded, NULL},
    {"__getstate__(self, /)", io_cannot_pickle, NULL},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"name", get_name, NULL, NULL},
    {"closed", get_closed, NULL, NULL},
    {"newlines", get_newlines, NULL, NULL},
    {"errors", get_errors, NULL, NULL},
    {"buffer", get_buffer, NULL, NULL},
    {"line_buffering", get_line_buffering, NULL, NULL, MEMBER},
    {"write_through", get_write_through, NULL, NULL, MEMBER},
    {"_finalizing", get_finalizing, set_finalizing, NULL, MEMBER},
    {"_CHUNK_SIZE", get_chunk_size, set_chunk_size, NULL},
    {NULL, NULL, NULL, NULL},
};
static const MemberDef members[] = {
    {"encoding", MEMBER_VALUE, offsetof(TextIo, encoding), true, NULL},
    {NULL, 0, 0, false, NULL},
};

STATIC_TYPE(text_io_wrapper_type) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "_io.TextIOWrapper",
    .doc = "Text over a buffered stream of bytes.\n\n"
           "encoding: by default the locale's. errors: how to treat what cannot be encoded or\n"
           "decoded ('strict', 'ignore', 'replace'...). newline: None, '', '\\n', '\\r' or '\\r\\n';\n"
           "with None any line end is read as '\\n', with '' they are kept. line_buffering:\n"
           "flush after each line end.",
    .base_static = &text_io_base_type,
    .needs_no_del = needs_no_del,
    .methods = methods,
    .getset = getset,
    .members = members,
    .next = text_next_guarded,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(TextIo),
};
