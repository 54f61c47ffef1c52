/* _io.StringIO: a stream over text in memory.
 *
 * The characters are as wide as the widest that was ever written, in a cell that a str is made of when asked for.
 * Threads: every method is guarded (io.h), so that one is over before another begins.
 */
#include "modules/io/io.h"
#include "types/bytes.h"
#include "types/str/str_layout.h"

typedef struct StringIo {
    IoObject io;
    Value storage; /* bytes: room for `capacity` characters of `kind` bytes; absent: none yet */
    int kind;
    size_t length, capacity, position;
    bool ok, closed;
    bool wide;     /* a character beyond ASCII was written: what is taken out has to be looked at */
    NewlineMode newline;
    NewlineState decoder; /* used when newline.universal */
} StringIo;

static StringIo *as_stream(Value v) { return (StringIo *)v.bits; }

static void trace(Tracer *tracer, Object *o) {
    io_trace(tracer, o);
    trace_value(tracer, ((StringIo *)o)->storage);
}

/* The character at `position`, or NULL while there is no storage. */
static void *place(StringIo *s, size_t position) {
    return present(s->storage) ? as_bytes(s->storage)->data + position * (size_t)s->kind : NULL;
}

static bool check_open(Thread *t, Value self) {
    StringIo *s = as_stream(self);
    if (likely(s->ok && !s->closed))
        return true;
    raise_value_error(t, s->ok ? "I/O operation on closed file" : "I/O operation on uninitialized object");
    return false;
}

/* Room for `length` characters of a kind. */
static bool reserve(Thread *t, StringIo *s, size_t length, int kind) {
    if (length <= s->capacity && kind <= s->kind)
        return true;
    if (kind < s->kind)
        kind = s->kind;
    size_t capacity = length <= s->capacity ? s->capacity : s->capacity ? length + length / 2 + 16 : length + 16;
    if (capacity > SIZE_MAX / 8) {
        raise_no_memory(t);
        return false;
    }
    Value storage = bytes_new(t, NULL, capacity * (size_t)kind);
    if (absent(storage))
        return false;
    if (s->length)
        chars_copy(as_bytes(storage)->data, kind, place(s, 0), s->kind, s->length);
    store(s, &s->storage, storage);
    s->kind = kind;
    s->capacity = capacity;
    return true;
}

static Value replace_newlines(Thread *t, Value text, const char *with) {
    Value from = TRY(str_from_char(t, '\n')), to = TRY(str_from_text(t, with));
    return call_method_2(t, text, names.replace, from, to);
}

static bool write_text(Thread *t, StringIo *s, Value text) {
    if (s->newline.universal)
        text = newlines_decode(t, &s->decoder, text, true);
    if (present(text) && s->newline.write_translate && s->newline.text[0] && strcmp(s->newline.text, "\n"))
        text = replace_newlines(t, text, s->newline.text);
    if (absent(text))
        return false;
    size_t n = str_length(text);
    if (n == 0)
        return true;
    const void *data = str_data(t, text);
    if (data == NULL)
        return false;
    if (s->position > INT64_MAX / 8 - n) {
        raise_overflow_error(t, "new position too large");
        return false;
    }
    if (!reserve(t, s, s->position + n, str_kind(text)))
        return false;
    s->wide |= !str_is_ascii(text);
    if (s->position > s->length)
        memset(place(s, s->length), 0, (s->position - s->length) * (size_t)s->kind);
    chars_copy(place(s, s->position), s->kind, data, str_kind(text), n);
    keep_alive(as_object(text));
    s->position += n;
    if (s->position > s->length)
        s->length = s->position;
    return true;
}

static Value stream_new(Thread *t, Value *args) {
    StringIo *s = type_allocate(t, as_type(args[0]));
    return s ? from_object(s) : NO_VALUE;
}

static Value stream_init(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    s->ok = false;
    CHECK(newline_mode(t, args[2], &s->newline, "illegal newline value: %R"));
    if (!is_none(args[1]) && !is_str(args[1]))
        return raise_type_error(t, "initial_value must be str or None, not %T", args[1]);
    s->decoder = (NewlineState){.translate = s->newline.translate};
    s->length = s->position = 0;
    s->closed = false;
    s->wide = s->kind > 1; /* the storage is used again */
    s->ok = true;
    if (!is_none(args[1])) {
        CHECK(write_text(t, s, args[1]));
        s->position = 0;
    }
    return NONE;
}

static Value copy_out(Thread *t, StringIo *s, size_t start, size_t n) {
    if (n == 0)
        return empty_str;
    Value storage = s->storage;
    Value v = s->wide ? str_from_chars(t, place(s, start), s->kind, n) : str_from_ascii(t, place(s, start), n);
    keep_alive(as_object(storage));
    return v;
}

static Value take(Thread *t, StringIo *s, size_t n) {
    Value v = copy_out(t, s, s->position, n);
    if (present(v))
        s->position += n;
    return v;
}

static size_t rest_of(StringIo *s) { return s->position < s->length ? s->length - s->position : 0; }

static Value stream_read(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    int64_t size;
    CHECK(io_size(t, args[1], &size) && check_open(t, args[0]));
    size_t n = rest_of(s);
    Value v = take(t, s, size >= 0 && (size_t)size < n ? (size_t)size : n);
    return v;
}

static Value take_line(Thread *t, Value self, int64_t limit) {
    StringIo *s = as_stream(self);
    size_t n = rest_of(s);
    if (limit >= 0 && (size_t)limit < n)
        n = (size_t)limit;
    const char *newline = s->newline.text[0] ? s->newline.text : "\n";
    bool universal = s->newline.universal && !s->newline.translate;
    int64_t end = n ? find_line_end(place(s, 0), s->kind, s->position, s->position + n, universal, newline) : -1;
    Value v = take(t, s, end < 0 ? n : (size_t)end - s->position);
    return v;
}

static Value stream_readline(Thread *t, Value *args) {
    int64_t limit;
    CHECK(io_size(t, args[1], &limit) && check_open(t, args[0]));
    return take_line(t, args[0], limit);
}

static Value stream_next(Thread *t, Value self) {
    CHECK(check_open(t, self));
    Value line;
    if (is_exactly(self, &string_io_type)) {
        line = TRY(take_line(t, self, -1));
    } else {
        line = TRY(call_method_0(t, self, names.readline));
        if (!is_str(line))
            return raise_error(t, &OSError_type, "readline() should have returned a str object, not '%T'", line);
    }
    return str_length(line) ? line : NO_VALUE;
}

static Value stream_write(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    if (!is_str(args[1]))
        return raise_type_error(t, "string argument expected, got '%T'", args[1]);
    CHECK(check_open(t, args[0]));
    size_t length = str_length(args[1]);
    bool ok = write_text(t, s, args[1]);
    return ok ? small_int((int64_t)length) : NO_VALUE;
}

static Value stream_getvalue(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    CHECK(check_open(t, args[0]));
    return copy_out(t, s, 0, s->length);
}

static Value stream_tell(Thread *t, Value *args) {
    CHECK(check_open(t, args[0]));
    return int_from(t, (int64_t)as_stream(args[0])->position);
}

static Value stream_seek(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    int64_t offset;
    int whence;
    CHECK(index_as_ssize(t, args[1], &offset, false, NULL) && as_c_int(t, args[2], &whence) && check_open(t, args[0]));
    if (whence < 0 || whence > 2)
        return raise_value_error(t, "Invalid whence (%d, should be 0, 1 or 2)", whence);
    if (offset < 0 && whence == 0)
        return raise_value_error(t, "Negative seek position %lld", (long long)offset);
    if (whence && offset)
        return raise_error(t, &OSError_type, "Can't do nonzero cur-relative seeks");
    s->position = whence == 0 ? (size_t)offset : whence == 1 ? s->position : s->length;
    return int_from(t, (int64_t)s->position);
}

static Value stream_truncate(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    CHECK(check_open(t, args[0]));
    int64_t size = (int64_t)s->position;
    if (!is_none(args[1])) {
        CHECK(index_as_ssize(t, args[1], &size, false, NULL));
        if (size < 0)
            return raise_value_error(t, "Negative size value %lld", (long long)size);
    }
    if ((size_t)size < s->length)
        s->length = (size_t)size;
    return int_from(t, size);
}

static Value stream_close(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    s->closed = true;
    s->storage = NO_VALUE;
    s->kind = 0;
    s->length = s->capacity = s->position = 0;
    return NONE;
}

static Value check_true(Thread *t, Value *args) { return check_open(t, args[0]) ? TRUE : NO_VALUE; }
static Value get_closed(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    return s->ok ? from_bool(s->closed) : raise_value_error(t, "I/O operation on uninitialized object");
}
static Value get_line_buffering(Thread *t, Value *args) { return check_open(t, args[0]) ? FALSE : NO_VALUE; }
static Value get_newlines(Thread *t, Value *args) {
    CHECK(check_open(t, args[0]));
    StringIo *s = as_stream(args[0]);
    return s->newline.universal ? newlines_seen(t, s->decoder.seen) : NONE;
}

static Value stream_getstate(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    Value contents = TRY(stream_getvalue(t, args));
    Value newline = s->newline.given ? TRY(str_from_text(t, s->newline.text)) : NONE;
    Value dict = TRY(instance_dict_of(t, args[0]));
    return tuple_pack(t, 4, contents, newline, small_int((int64_t)s->position), dict);
}

/* The contents are put back as they were, not translated a second time. */
static Value stream_setstate(Thread *t, Value *args) {
    StringIo *s = as_stream(args[0]);
    Value state = args[1];
    if (!is_tuple(state) || tuple_length(state) < 4) {
        Value name = TRY(type_qualified_name(t, type_of(args[0])));
        return raise_type_error(t, "%S.__setstate__ argument should be 4-tuple, got %T", name, state);
    }
    if (s->closed)
        return raise_value_error(t, "I/O operation on closed file");
    Value text = tuple_get(state, 0), position_value = tuple_get(state, 2);
    TRY(stream_init(t, (Value[]){args[0], NONE, tuple_get(state, 1)}));
    if (!is_str(text))
        return raise_type_error(t, "first item of state must be a str, not %T", text);
    NewlineMode mode = s->newline;
    s->newline = (NewlineMode){0};
    bool ok = write_text(t, s, text);
    s->newline = mode;
    CHECK(ok);
    if (!is_int(position_value))
        return raise_type_error(t, "third item of state must be an integer, got %T", position_value);
    int64_t position;
    CHECK(index_as_ssize(t, position_value, &position, false, NULL));
    if (position < 0)
        return raise_value_error(t, "position value cannot be negative");
    s->position = (size_t)position;
    return instance_dict_update(t, args[0], tuple_get(state, 3), "fourth") ? NONE : NO_VALUE;
}

IO_GUARDED(stream_init_guarded, stream_init)
IO_GUARDED(stream_close_guarded, stream_close)
IO_GUARDED(stream_getvalue_guarded, stream_getvalue)
IO_GUARDED(stream_read_guarded, stream_read)
IO_GUARDED(stream_readline_guarded, stream_readline)
IO_GUARDED(stream_tell_guarded, stream_tell)
IO_GUARDED(stream_truncate_guarded, stream_truncate)
IO_GUARDED(stream_seek_guarded, stream_seek)
IO_GUARDED(stream_write_guarded, stream_write)
IO_GUARDED(stream_getstate_guarded, stream_getstate)
IO_GUARDED(stream_setstate_guarded, stream_setstate)
IO_GUARDED_NEXT(stream_next_guarded, stream_next)

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", stream_new, NULL},
    {"__init__(self, initial_value='', newline='\\n')", stream_init_guarded, NULL},
    {"close(self, /)", stream_close_guarded, "Drops the contents."},
    {"getvalue(self, /)", stream_getvalue_guarded, "The whole contents."},
    {"read(self, size=-1, /)", stream_read_guarded, "Reads up to size characters, or all."},
    {"readline(self, size=-1, /)", stream_readline_guarded, "The next line, of at most size characters."},
    {"tell(self, /)", stream_tell_guarded, "The current position."},
    {"truncate(self, pos=None, /)", stream_truncate_guarded, "Cuts the contents, by default at the position."},
    {"seek(self, pos, whence=0, /)", stream_seek_guarded, "Sets the position; gives the new one."},
    {"write(self, s, /)", stream_write_guarded, "Writes a str; gives its length."},
    {"seekable(self, /)", check_true, "True: it can be seeked."},
    {"readable(self, /)", check_true, "True: it can be read."},
    {"writable(self, /)", check_true, "True: it can be written."},
    {"__getstate__(self, /)", stream_getstate_guarded, NULL},
    {"__setstate__(self, state, /)", stream_setstate_guarded, NULL},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"closed", get_closed, NULL, NULL},
    {"newlines", get_newlines, NULL, NULL},
    {"line_buffering", get_line_buffering, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

STATIC_TYPE(string_io_type) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "_io.StringIO",
    .doc = "A stream over text in memory. newline works like TextIOWrapper's.",
    .base_static = &text_io_base_type,
    .methods = methods,
    .getset = getset,
    .next = stream_next_guarded,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(StringIo),
};
