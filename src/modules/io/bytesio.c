/* _io.BytesIO: a stream over bytes in memory.
 *
 * The contents are storage->data[0, length), or, until something is written, those of the bytes that it was made of. While views made by getbuffer() exist the object cannot be
 * resized. A position may lie behind the end: writing there fills the gap with zeros.
 * Threads: the lock is held around every change and every copy out.
 */
#include "modules/io/io.h"

#include "types/memoryview.h"
#include "types/list.h"

typedef struct BytesIo {
    IoObject io;
    ByteStorage *storage; /* NULL: nothing was ever stored */
    Value shared;         /* bytes with the contents, in the storage's place; or absent */
    size_t length, position;
    uint32_t exports;
    bool closed;
    IoLock lock;
} BytesIo;

static BytesIo *as_stream(Value v) { return (BytesIo *)v.bits; }

static void trace(Tracer *tracer, Object *o) {
    trace_object(tracer, ((BytesIo *)o)->storage);
    trace_value(tracer, ((BytesIo *)o)->shared);
    io_trace(tracer, o);
}

/* The internal type of ByteStorage cells belongs to bytearray: a bytearray's storage is taken over. */
static ByteStorage *storage_new(Thread *t, size_t capacity) {
    Value array = bytearray_new(t, NULL, capacity ? capacity : 1);
    return absent(array) ? NULL : ((ByteArrayObject *)as_object(array))->storage;
}

static const char *data_of(BytesIo *s) {
    Value shared = load(&s->shared);
    return present(shared) ? as_bytes(shared)->data : s->storage ? s->storage->data : "";
}
/* Bytes with just the contents, if there are such already. */
static Value whole_contents(BytesIo *s) {
    Value shared = load(&s->shared);
    return present(shared) && as_bytes(shared)->length == s->length ? shared : NO_VALUE;
}
static size_t rest_of(BytesIo *s) { return s->position < s->length ? s->length - s->position : 0; }

static Value closed_error(Thread *t) { return raise_value_error(t, "I/O operation on closed file."); }
static bool check_open(Thread *t, Value self) {
    if (unlikely(as_stream(self)->closed))
        closed_error(t);
    return !as_stream(self)->closed;
}

/* What getbuffer() exports: an object that stands for the stream's memory. */
typedef struct BytesIoBuffer {
    Object object;
    Value source;
} BytesIoBuffer;

static bool stands_for(Value owner, Value stream) {
    return is_exactly(owner, &bytes_io_buffer_type) && same(((BytesIoBuffer *)as_object(owner))->source, stream);
}
static bool check_no_exports(Thread *t, BytesIo *s) {
    if (likely(load_relaxed(&s->exports) == 0) || memoryview_none_of(t, from_object(s), &s->exports, stands_for))
        return true;
    raise_error(t, &BufferError_type, "Existing exports of data: object cannot be re-sized");
    return false;
}

/* Room for `length` bytes that nobody shares, keeping what is there. */
static bool reserve(Thread *t, BytesIo *s, size_t length) {
    size_t capacity = s->storage ? s->storage->capacity : 0;
    if (length <= capacity && absent(s->shared))
        return true;
    if (length < s->length)
        length = s->length;
    ByteStorage *larger = storage_new(t, length + length / 8 + 16);
    if (larger == NULL)
        return false;
    memcpy(larger->data, data_of(s), s->length);
    store(s, (Value *)&s->storage, from_object(larger));
    store_release(&s->shared.bits, 0); /* NOBARRIER: stores no reference */
    return true;
}

static Value stream_new(Thread *t, Value *args) {
    BytesIo *s = type_allocate(t, as_type(args[0]));
    return s ? from_object(s) : NO_VALUE;
}

static bool write_data(Thread *t, BytesIo *s, const char *from, size_t size) {
    if (size == 0)
        return true;
    size_t end = s->position + size;
    if (end < size || end > INT64_MAX) {
        raise_overflow_error(t, "new buffer size too large");
        return false;
    }
    if (!reserve(t, s, end))
        return false;
    if (s->position > s->length)
        memset(s->storage->data + s->length, 0, s->position - s->length);
    memcpy(s->storage->data + s->position, from, size);
    s->position = end;
    if (end > s->length)
        s->length = end;
    return true;
}

static Value write_value(Thread *t, Value self, Value data) {
    BytesIo *s = as_stream(self);
    CHECK(check_open(t, self) && check_no_exports(t, s));
    Buffer b;
    CHECK(buffer_get_contiguous(t, data, &b, false));
    io_lock_again(t, &s->lock);
    bool ok = check_open(t, self) && check_no_exports(t, s) && write_data(t, s, b.data, b.length);
    io_unlock(&s->lock);
    size_t size = b.length;
    buffer_release(t, &b);
    return ok ? small_int((int64_t)size) : NO_VALUE;
}

static Value stream_init(Thread *t, Value *args) {
    BytesIo *s = as_stream(args[0]);
    CHECK(check_no_exports(t, s));
    s->length = s->position = 0;
    store_release(&s->shared.bits, 0); /* NOBARRIER: stores no reference */
    if (is_exactly(args[1], &bytes_type)) {
        s->closed = false;
        s->storage = NULL;
        store(s, &s->shared, args[1]);
        s->length = as_bytes(args[1])->length;
    } else if (!is_none(args[1])) {
        s->closed = false;
        TRY(write_value(t, args[0], args[1]));
        s->position = 0;
    }
    return NONE;
}

static Value take(Thread *t, Value self, int64_t size) {
    BytesIo *s = as_stream(self);
    io_lock_again(t, &s->lock);
    size_t n = rest_of(s);
    if (size >= 0 && (size_t)size < n)
        n = (size_t)size;
    Value v = n == s->length ? whole_contents(s) : NO_VALUE;
    if (absent(v))
        v = bytes_new(t, data_of(s) + (n ? s->position : 0), n);
    if (present(v))
        s->position += n;
    io_unlock(&s->lock);
    return v;
}

static Value stream_read(Thread *t, Value *args) {
    int64_t size;
    CHECK(io_size(t, args[1], &size) && check_open(t, args[0]));
    return take(t, args[0], size);
}

static Value take_line(Thread *t, Value self, int64_t limit) {
    BytesIo *s = as_stream(self);
    size_t n = rest_of(s);
    if (limit >= 0 && (size_t)limit < n)
        n = (size_t)limit;
    const char *start = data_of(s) + (n ? s->position : 0), *newline = n ? memchr(start, '\n', n) : NULL;
    return take(t, self, newline ? newline - start + 1 : (int64_t)n);
}

static Value stream_readline(Thread *t, Value *args) {
    int64_t limit;
    CHECK(io_size(t, args[1], &limit) && check_open(t, args[0]));
    return take_line(t, args[0], limit);
}

static Value stream_readlines(Thread *t, Value *args) {
    int64_t hint = 0, size = 0;
    CHECK(io_size(t, args[1], &hint) && check_open(t, args[0]));
    Value lines = TRY(list_new(t, 0));
    for (;;) {
        Value line = TRY(take_line(t, args[0], -1));
        if (as_bytes(line)->length == 0)
            return lines;
        CHECK(list_append(t, lines, line));
        size += (int64_t)as_bytes(line)->length;
        if (hint > 0 && size >= hint)
            return lines;
    }
}

static Value stream_next(Thread *t, Value self) {
    CHECK(check_open(t, self));
    Value line = TRY(take_line(t, self, -1));
    return as_bytes(line)->length ? line : NO_VALUE;
}

static Value stream_readinto(Thread *t, Value *args) {
    BytesIo *s = as_stream(args[0]);
    Buffer b;
    CHECK(io_writable_buffer(t, "readinto", args[1], &b));
    Value v = NO_VALUE;
    if (check_open(t, args[0])) {
        size_t n = rest_of(s) < b.length ? rest_of(s) : b.length;
        memmove(b.data, data_of(s) + (n ? s->position : 0), n);
        s->position += n;
        v = small_int((int64_t)n);
    }
    buffer_release(t, &b);
    return v;
}

static Value stream_write(Thread *t, Value *args) { return write_value(t, args[0], args[1]); }

static Value stream_writelines(Thread *t, Value *args) {
    CHECK(check_open(t, args[0]));
    Value iterator = TRY(get_iterator(t, args[1])), line;
    while (present(line = iterator_next(t, iterator)))
        TRY(write_value(t, args[0], line));
    return error_pending(t) ? NO_VALUE : NONE;
}

static Value stream_seek(Thread *t, Value *args) {
    BytesIo *s = as_stream(args[0]);
    int64_t offset, base;
    int whence;
    CHECK(index_as_ssize(t, args[1], &offset, false, NULL) && as_c_int(t, args[2], &whence) && check_open(t, args[0]));
    if (whence == 0 && offset < 0)
        return raise_value_error(t, "negative seek value %lld", (long long)offset);
    if (whence < 0 || whence > 2)
        return raise_value_error(t, "invalid whence (%d, should be 0, 1 or 2)", whence);
    base = whence == 0 ? 0 : whence == 1 ? (int64_t)s->position : (int64_t)s->length;
    if (__builtin_add_overflow(base, offset, &offset))
        return raise_overflow_error(t, "new position too large");
    s->position = offset < 0 ? 0 : (size_t)offset;
    return int_from(t, (int64_t)s->position);
}

static Value stream_tell(Thread *t, Value *args) {
    CHECK(check_open(t, args[0]));
    return int_from(t, (int64_t)as_stream(args[0])->position);
}

static Value stream_truncate(Thread *t, Value *args) {
    BytesIo *s = as_stream(args[0]);
    CHECK(check_open(t, args[0]) && check_no_exports(t, s));
    int64_t size = (int64_t)s->position;
    if (!is_none(args[1])) {
        CHECK(index_as_ssize(t, args[1], &size, false, NULL));
        if (size < 0)
            return raise_value_error(t, "negative size value %lld", (long long)size);
        CHECK(check_open(t, args[0]) && check_no_exports(t, s)); /* __index__ may have changed it */
    }
    if ((size_t)size < s->length)
        s->length = (size_t)size;
    return int_from(t, size);
}

static Value stream_getvalue(Thread *t, Value *args) {
    BytesIo *s = as_stream(args[0]);
    CHECK(check_open(t, args[0]));
    io_lock_again(t, &s->lock);
    Value v = whole_contents(s);
    if (absent(v))
        v = bytes_new(t, data_of(s), s->length);
    io_unlock(&s->lock);
    return v;
}

static Value stream_close(Thread *t, Value *args) {
    BytesIo *s = as_stream(args[0]);
    CHECK(check_no_exports(t, s));
    s->closed = true;
    s->length = s->position = 0;
    s->storage = NULL;
    store_release(&s->shared.bits, 0); /* NOBARRIER: stores no reference */
    return NONE;
}

static Value check_true(Thread *t, Value *args) { return check_open(t, args[0]) ? TRUE : NO_VALUE; }
static Value check_false(Thread *t, Value *args) { return check_open(t, args[0]) ? FALSE : NO_VALUE; }
static Value check_none(Thread *t, Value *args) { return check_open(t, args[0]) ? NONE : NO_VALUE; }
static Value check_self(Thread *t, Value *args) { return check_open(t, args[0]) ? args[0] : NO_VALUE; }
static Value get_closed(Thread *t, Value *args) { return from_bool(as_stream(args[0])->closed); }

static Value stream_getstate(Thread *t, Value *args) {
    Value contents = TRY(stream_getvalue(t, args));
    Value dict = instance_dict_of(t, args[0]);
    CHECK(present(dict));
    return tuple_pack(t, 3, contents, small_int((int64_t)as_stream(args[0])->position), dict);
}

static Value stream_setstate(Thread *t, Value *args) {
    Value state = args[1];
    if (!is_tuple(state) || tuple_length(state) < 3) {
        Value name = TRY(type_qualified_name(t, type_of(args[0])));
        return raise_type_error(t, "%S.__setstate__ argument should be 3-tuple, got %T", name, state);
    }
    if (as_stream(args[0])->closed)
        return raise_value_error(t, "I/O operation on closed file.");
    CHECK(check_no_exports(t, as_stream(args[0])));
    TRY(stream_init(t, (Value[]){args[0], tuple_get(state, 0)}));
    if (!is_int(tuple_get(state, 1)))
        return raise_type_error(t, "second item of state must be an integer, not %T", tuple_get(state, 1));
    int64_t position;
    CHECK(index_as_ssize(t, tuple_get(state, 1), &position, false, NULL));
    if (position < 0)
        return raise_value_error(t, "position value cannot be negative");
    as_stream(args[0])->position = (size_t)position;
    return instance_dict_update(t, args[0], tuple_get(state, 2), "third") ? NONE : NO_VALUE;
}

static Value stream_sizeof(Thread *t, Value *args) {
    BytesIo *s = as_stream(args[0]);
    size_t size = heap_cell_size(as_object(args[0])) + (s->storage ? heap_cell_size(&s->storage->object) : 0);
    return small_int((int64_t)size);
}

/* getbuffer(): a view of an object that stands for the stream's memory and counts as an export. */

static void trace_buffer(Tracer *tracer, Object *o) { trace_value(tracer, ((BytesIoBuffer *)o)->source); }

static bool export_get(Thread *t, Value self, Buffer *out, bool writable) {
    BytesIo *s = as_stream(((BytesIoBuffer *)as_object(self))->source);
    *out = (Buffer){.data = (char *)data_of(s), .length = s->length, .item_size = 1, .dimensions = 1, .owner = self};
    fetch_add(&s->exports, 1u);
    return true;
}
static void export_release(Thread *t, Value self, Buffer *b) {
    fetch_sub(&as_stream(((BytesIoBuffer *)as_object(self))->source)->exports, 1u);
}
static const BufferProtocol export_protocol = {export_get, export_release};

STATIC_TYPE(bytes_io_buffer_type) = {
    STATIC_TYPE_HEAD(trace_buffer, NULL),
    .name_text = "_io._BytesIOBuffer",
    .base_static = &object_type,
    .buffer = &export_protocol,
    .flags = TYPE_NO_NEW,
    .instance_size = sizeof(BytesIoBuffer),
};

static Value stream_getbuffer(Thread *t, Value *args) {
    CHECK(check_open(t, args[0]) && reserve(t, as_stream(args[0]), 1));
    BytesIoBuffer *b = heap_allocate(t, &bytes_io_buffer_type, sizeof(BytesIoBuffer));
    if (b == NULL)
        return NO_VALUE;
    b->source = args[0]; /* NOBARRIER: just allocated */
    Value type = TRY(get_attribute(t, t->isolate->builtins_module, names.memoryview));
    return call_1(t, type, from_object(b));
}

IO_GUARDED(stream_init_guarded, stream_init)
IO_GUARDED(stream_close_guarded, stream_close)
IO_GUARDED(stream_tell_guarded, stream_tell)
IO_GUARDED(stream_write_guarded, stream_write)
IO_GUARDED(stream_writelines_guarded, stream_writelines)
IO_GUARDED(stream_read_guarded, stream_read)
IO_GUARDED(stream_readinto_guarded, stream_readinto)
IO_GUARDED(stream_readline_guarded, stream_readline)
IO_GUARDED(stream_readlines_guarded, stream_readlines)
IO_GUARDED(stream_getbuffer_guarded, stream_getbuffer)
IO_GUARDED(stream_getvalue_guarded, stream_getvalue)
IO_GUARDED(stream_seek_guarded, stream_seek)
IO_GUARDED(stream_truncate_guarded, stream_truncate)
IO_GUARDED(stream_getstate_guarded, stream_getstate)
IO_GUARDED(stream_setstate_guarded, stream_setstate)
IO_GUARDED_NEXT(stream_next_guarded, stream_next)

static const NativeDef methods[] = {
    {"__new__(type, /, *args, **kwargs)", stream_new, NULL},
    {"__init__(self, initial_bytes=b'')", stream_init_guarded, NULL},
    {"__iter__(self, /)", check_self, NULL},
    {"readable(self, /)", check_true, "True: it can be read."},
    {"seekable(self, /)", check_true, "True: it can be seeked."},
    {"writable(self, /)", check_true, "True: it can be written."},
    {"close(self, /)", stream_close_guarded, "Drops the contents."},
    {"flush(self, /)", check_none, "Does nothing."},
    {"isatty(self, /)", check_false, "False: it is no terminal."},
    {"tell(self, /)", stream_tell_guarded, "The current position."},
    {"write(self, b, /)", stream_write_guarded, "Writes bytes at the position; gives how many."},
    {"writelines(self, lines, /)", stream_writelines_guarded, "Writes each of the items."},
    {"read1(self, size=-1, /)", stream_read_guarded, "Reads up to size bytes, or all."},
    {"readinto(self, buffer, /)", stream_readinto_guarded, "Reads into a buffer."},
    {"readline(self, size=-1, /)", stream_readline_guarded, "The next line, of at most size bytes."},
    {"readlines(self, size=None, /)", stream_readlines_guarded, "A list of lines."},
    {"read(self, size=-1, /)", stream_read_guarded, "Reads up to size bytes, or all."},
    {"getbuffer(self, /)", stream_getbuffer_guarded, "A writable view of the contents.", NATIVE_COUNTS_NAMED},
    {"getvalue(self, /)", stream_getvalue_guarded, "The whole contents."},
    {"seek(self, pos, whence=0, /)", stream_seek_guarded, "Sets the position; gives the new one."},
    {"truncate(self, size=None, /)", stream_truncate_guarded, "Cuts the contents, by default at the position."},
    {"__getstate__(self, /)", stream_getstate_guarded, NULL},
    {"__setstate__(self, object, /)", stream_setstate_guarded, NULL},
    {"__sizeof__(self, /)", stream_sizeof, NULL},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef getset[] = {
    {"closed", get_closed, NULL, "True if the file is closed."},
    {NULL, NULL, NULL, NULL},
};

STATIC_TYPE(bytes_io_type) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "_io.BytesIO",
    .doc = "A stream over bytes in memory.",
    .base_static = &buffered_io_base_type,
    .methods = methods,
    .getset = getset,
    .next = stream_next_guarded,
    .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_HAS_WEAKREF,
    .instance_size = sizeof(BytesIo),
};
