/* _io: what BufferedReader, BufferedWriter and BufferedRandom share; the raw stream; their types.
 *
 * Threads: see buffered.h.
 */
#include "modules/io/buffered.h"

static void trace(Tracer *tracer, Object *o) {
    trace_value(tracer, ((Buffered *)o)->raw);
    trace_value(tracer, ((Buffered *)o)->finalizing);
    io_trace(tracer, o);
}

static void release(Object *o) {
    Buffered *b = (Buffered *)o;
    heap_external_memory_gone(o, (b->read_buffer ? b->size : 0) + (b->write_buffer ? b->size : 0));
    free(b->read_buffer);
    free(b->write_buffer);
    b->read_buffer = b->write_buffer = NULL;
}

/* Checks */

bool buffered_check(Thread *t, Value self) {
    Buffered *b = as_buffered(self);
    if (likely(load_relaxed(&b->ok)))
        return true;
    raise_value_error(t, load_relaxed(&b->detached) ? "raw stream has been detached"
                                                    : "I/O operation on uninitialized object");
    return false;
}

static int is_closed(Thread *t, Value self) {
    Buffered *b = as_buffered(self);
    return b->native ? !file_io_is_open(b->raw) : io_is_closed(t, b->raw);
}

bool buffered_check_open(Thread *t, Value self, const char *message) {
    if (!buffered_check(t, self))
        return false;
    int closed = is_closed(t, self);
    if (unlikely(closed > 0))
        raise_value_error(t, "%s", message);
    return closed == 0;
}

static bool make_room(Thread *t, Buffered *b, char **buffer) {
    if (likely(*buffer != NULL))
        return true;
    *buffer = malloc(b->size);
    if (*buffer == NULL) {
        raise_no_memory(t);
        return false;
    }
    heap_external_memory(t, (ptrdiff_t)b->size);
    return true;
}
bool buffered_read_room(Thread *t, Buffered *b) { return make_room(t, b, &b->read_buffer); }
bool buffered_write_room(Thread *t, Buffered *b) { return make_room(t, b, &b->write_buffer); }

static void drop_buffers(Thread *t, Buffered *b) {
    size_t size = (b->read_buffer ? b->size : 0) + (b->write_buffer ? b->size : 0);
    free(b->read_buffer);
    free(b->write_buffer);
    b->read_buffer = b->write_buffer = NULL;
    b->read_position = b->read_end = b->write_length = 0;
    heap_external_memory(t, -(ptrdiff_t)size);
}

/* The raw stream */

static Value memory_view(Thread *t, Value o) {
    Value type = TRY(get_attribute(t, t->isolate->builtins_module, names.memoryview));
    return call_1(t, type, o);
}

static bool check_count(Thread *t, Value result, const char *what, size_t size, int64_t *n) {
    if (!index_as_ssize(t, result, n, false, &ValueError_type)) {
        Value cause = error_take(t);
        raise_error(t, &OSError_type, "raw %s() failed", what);
        Value error = error_take(t);
        if (!set_attribute(t, error, names.__cause__, cause))
            error_clear(t);
        error_restore(t, error);
        return false;
    }
    if (*n >= 0 && (size_t)*n <= size)
        return true;
    raise_error(t, &OSError_type, "raw %s() returned invalid length %lld (should have been between 0 and %zu)", what,
                (long long)*n, size);
    return false;
}

int64_t buffered_raw_read(Thread *t, Value self, char *to, size_t size) {
    Buffered *b = as_buffered(self);
    int64_t n;
    if (likely(b->native)) {
        n = file_io_read(t, b->raw, to, size);
    } else {
        Value bytes = bytearray_new(t, NULL, size), view = absent(bytes) ? bytes : memory_view(t, bytes);
        if (absent(view))
            return -1;
        Value result;
        while (absent(result = call_method_1(t, b->raw, names.readinto, view)))
            if (!io_caught_interrupt(t))
                return -1;
        if (is_none(result))
            return -2;
        if (!check_count(t, result, "readinto", size, &n))
            return -1;
        ByteArrayObject *array = (ByteArrayObject *)as_object(bytes);
        if (n)
            memcpy(to, array->storage->data + array->start, (size_t)n);
        keep_alive(array);
    }
    if (n > 0 && b->raw_position >= 0)
        b->raw_position += n;
    return n;
}

int64_t buffered_raw_write(Thread *t, Value self, const char *from, size_t size) {
    Buffered *b = as_buffered(self);
    int64_t n;
    if (likely(b->native)) {
        if (!file_io_is_open(b->raw)) {
            raise_value_error(t, "I/O operation on closed file");
            return -1;
        }
        n = file_io_write(t, b->raw, from, size);
    } else {
        Value bytes = bytes_new(t, from, size), view = absent(bytes) ? bytes : memory_view(t, bytes);
        if (absent(view))
            return -1;
        Value result;
        while (absent(result = call_method_1(t, b->raw, names.write, view)))
            if (!io_caught_interrupt(t))
                return -1;
        if (is_none(result))
            return -2;
        if (!check_count(t, result, "write", size, &n))
            return -1;
    }
    if (n > 0 && b->raw_position >= 0)
        b->raw_position += n;
    return n;
}

static bool offset_result(Thread *t, Value result, const char *message, int64_t *position) {
    if (absent(result))
        return false;
    Value index = index_of(t, result);
    if (absent(index) || !int_as_i64(t, index, position))
        return false;
    if (*position >= 0)
        return true;
    raise_error(t, &OSError_type, message, (long long)*position);
    return false;
}

static bool raw_tell(Thread *t, Value self, int64_t *position) {
    Buffered *b = as_buffered(self);
    b->raw_position = -1;
    if (!offset_result(t, call_method_0(t, b->raw, names.tell), "Raw stream returned invalid position %lld", position))
        return false;
    b->raw_position = *position;
    return true;
}

bool buffered_raw_seek(Thread *t, Value self, int64_t target, int whence, int64_t *position) {
    Buffered *b = as_buffered(self);
    Value offset = int_from(t, target);
    if (absent(offset))
        return false;
    b->raw_position = -1;
    if (!offset_result(t, call_method_2(t, b->raw, names.seek, offset, small_int(whence)),
                       "Raw stream returned invalid position %lld", position))
        return false;
    b->raw_position = *position;
    return true;
}

bool buffered_rewind(Thread *t, Value self) {
    Buffered *b = as_buffered(self);
    size_t ahead = read_ahead(b);
    int64_t position;
    b->read_position = b->read_end = 0;
    return ahead == 0 || buffered_raw_seek(t, self, -(int64_t)ahead, SEEK_CUR, &position);
}

/* Life */

static Value initialise(Thread *t, Value *args, bool readable, bool writable) {
    Buffered *b = as_buffered(args[0]);
    Value raw = args[1];
    int64_t size;
    store_relaxed(&b->ok, false);
    store_relaxed(&b->detached, false);
    if (readable && writable)
        CHECK(io_check_seekable(t, raw));
    CHECK(!readable || io_check_readable(t, raw));
    CHECK(!writable || io_check_writable(t, raw));
    CHECK(index_as_ssize(t, args[2], &size, false, NULL));
    if (size <= 0)
        return raise_value_error(t, "buffer size must be strictly positive");
    drop_buffers(t, b);
    b->readable = readable;
    b->writable = writable;
    b->size = (size_t)size;
    b->raw_position = -1;
    b->native = is_exactly(raw, &file_io_type);
    store(b, &b->raw, raw);
    CHECK(b->readable ? buffered_read_room(t, b) : buffered_write_room(t, b));
    store_relaxed(&b->ok, true);
    return NONE;
}
static Value init_reader(Thread *t, Value *args) { return initialise(t, args, true, false); }
static Value init_writer(Thread *t, Value *args) { return initialise(t, args, false, true); }
static Value init_random(Thread *t, Value *args) { return initialise(t, args, true, true); }

Value buffered_dealloc_warn(Thread *t, Value *args) {
    Buffered *b = as_buffered(args[0]);
    if (load_relaxed(&b->ok) && present(b->raw) && absent(call_method_1(t, b->raw, names._dealloc_warn, args[1])))
        error_clear(t);
    return NONE;
}

Value buffered_close(Thread *t, Value *args) {
    Value self = args[0];
    Buffered *b = as_buffered(self);
    CHECK(buffered_check(t, self));
    int closed = is_closed(t, self);
    CHECK(closed >= 0);
    if (closed)
        return NONE;
    if (present(b->finalizing) && same(b->finalizing, TRUE))
        buffered_dealloc_warn(t, (Value[]){self, self});
    Value error = NO_VALUE;
    if (absent(call_method_0(t, self, names.flush)))
        error = error_take(t);
    CHECK(io_lock(t, &b->lock, self));
    Value result = load_relaxed(&b->ok) ? call_method_0(t, b->raw, names.close) : NONE; /* flush may have detached it */
    drop_buffers(t, b);
    io_unlock(&b->lock);
    io_chain(t, error);
    return error_pending(t) ? NO_VALUE : result;
}

Value buffered_detach(Thread *t, Value *args) {
    Buffered *b = as_buffered(args[0]);
    CHECK(buffered_check(t, args[0]));
    TRY(call_method_0(t, args[0], names.flush));
    CHECK(buffered_check(t, args[0]));
    Value raw = b->raw;
    b->raw = NO_VALUE;
    store_relaxed(&b->detached, true);
    store_relaxed(&b->ok, false);
    return raw;
}

/* What the raw stream answers */

#define DELEGATE(name)                                              \
    Value buffered_##name(Thread *t, Value *args) {                 \
        CHECK(buffered_check(t, args[0]));                          \
        return call_method_0(t, as_buffered(args[0])->raw, names.name); \
    }
DELEGATE(seekable)
DELEGATE(readable)
DELEGATE(writable)
DELEGATE(fileno)
DELEGATE(isatty)
#undef DELEGATE

/* The state is_closed reports, where no code of the program is asked for it. */
static bool needs_no_del(Object *o) {
    Buffered *b = (Buffered *)o;
    return b->native && present(b->raw) && !file_io_is_open(b->raw);
}

bool buffered_is_closed(Value v) {
    return (is_exactly(v, &buffered_reader_type) || is_exactly(v, &buffered_writer_type) || is_exactly(v, &buffered_random_type)) &&
           needs_no_del(as_object(v));
}

static Value get_closed(Thread *t, Value *args) {
    CHECK(buffered_check(t, args[0]));
    return get_attribute(t, as_buffered(args[0])->raw, names.closed);
}
static Value get_name(Thread *t, Value *args) {
    CHECK(buffered_check(t, args[0]));
    return get_attribute(t, as_buffered(args[0])->raw, names.name);
}
static Value get_mode(Thread *t, Value *args) {
    CHECK(buffered_check(t, args[0]));
    return get_attribute(t, as_buffered(args[0])->raw, names.mode);
}
static Value get_finalizing(Thread *t, Value *args) {
    return present(as_buffered(args[0])->finalizing) ? as_buffered(args[0])->finalizing : FALSE;
}
static Value set_finalizing(Thread *t, Value *args) {
    bool value;
    CHECK(present(args[1]) && as_bool(t, args[1], &value));
    store(as_object(args[0]), &as_buffered(args[0])->finalizing, from_bool(value));
    return NONE;
}

Value buffered_repr(Thread *t, Value *args) {
    Value type_name = TRY(type_qualified_name(t, type_of(args[0])));
    Value name = find_attribute(t, args[0], names.name);
    if (absent(name)) {
        if (error_pending(t) && !error_catch(t, &ValueError_type))
            return NO_VALUE;
        return format_text(t, "<%S>", type_name);
    }
    int running = repr_enter(t, args[0]);
    CHECK(running >= 0);
    if (running)
        return raise_error(t, &RuntimeError_type, "reentrant call inside %S.__repr__", type_name);
    Value v = format_text(t, "<%S name=%R>", type_name, name);
    repr_leave(t, args[0]);
    return v;
}

Value buffered_sizeof(Thread *t, Value *args) {
    Buffered *b = as_buffered(args[0]);
    return small_int((int64_t)(heap_cell_size(as_object(args[0])) + (load_relaxed(&b->ok) ? b->size : 0)));
}

/* Position */

Value buffered_tell(Thread *t, Value *args) {
    Value self = args[0];
    Buffered *b = as_buffered(self);
    int64_t position = 0;
    CHECK(buffered_check(t, self));
    io_lock_again(t, &b->lock); /* a signal handler may ask in the middle of a read */
    bool ok = raw_tell(t, self, &position);
    position += ok ? (int64_t)b->write_length - (int64_t)read_ahead(b) : 0;
    io_unlock(&b->lock);
    return ok ? int_from(t, position < 0 ? 0 : position) : NO_VALUE;
}

/* Can a target lie in what was read ahead? Then only read_position moves. */
static bool seek_in_buffer(Thread *t, Value self, int64_t *target, int whence, bool *done) {
    Buffered *b = as_buffered(self);
    *done = false;
    if (whence == SEEK_END || !b->readable || b->read_end == 0)
        return true;
    int64_t raw = b->raw_position;
    if (raw < 0 && !raw_tell(t, self, &raw))
        return false;
    int64_t current = raw - (int64_t)read_ahead(b);
    int64_t offset = whence == SEEK_SET ? *target - current : *target;
    if (offset < -(int64_t)b->read_position || offset > (int64_t)read_ahead(b))
        return true;
    b->read_position = (size_t)((int64_t)b->read_position + offset);
    *target = current + offset;
    *done = *target >= 0;
    return true;
}

static Value seek_locked(Thread *t, Value self, int64_t target, int whence) {
    Buffered *b = as_buffered(self);
    bool done;
    int64_t position;
    if (b->write_length == 0 && !seek_in_buffer(t, self, &target, whence, &done))
        return NO_VALUE;
    if (b->write_length == 0 && done)
        return int_from(t, target);
    CHECK(b->write_length == 0 || buffered_flush_unlocked(t, self));
    if (whence == SEEK_CUR)
        target -= (int64_t)read_ahead(b);
    CHECK(buffered_raw_seek(t, self, target, whence, &position));
    b->read_position = b->read_end = 0;
    return int_from(t, position);
}

Value buffered_seek(Thread *t, Value *args) {
    Value self = args[0];
    int whence;
    int64_t target;
    CHECK(buffered_check(t, self));
    CHECK(as_c_int(t, args[2], &whence));
    if (whence < 0 || whence > 4)
        return raise_value_error(t, "whence value %d unsupported", whence);
    CHECK(buffered_check_open(t, self, "seek of closed file"));
    CHECK(io_check_seekable(t, as_buffered(self)->raw));
    CHECK(as_c_long(t, args[1], &target));
    CHECK(io_lock(t, &as_buffered(self)->lock, self));
    Value v = seek_locked(t, self, target, whence);
    io_unlock(&as_buffered(self)->lock);
    return v;
}

/* For a stream that is only read, flush() flushes the raw stream. */
static Value flush_reader(Thread *t, Value *args) {
    CHECK(buffered_check(t, args[0]));
    return call_method_0(t, as_buffered(args[0])->raw, names.flush);
}

Value buffered_flush(Thread *t, Value *args) {
    Value self = args[0];
    Buffered *b = as_buffered(self);
    CHECK(buffered_check_open(t, self, "flush of closed file"));
    CHECK(io_lock(t, &b->lock, self));
    bool ok = buffered_flush_unlocked(t, self) && (!b->readable || buffered_rewind(t, self));
    io_unlock(&b->lock);
    return ok ? NONE : NO_VALUE;
}

Value buffered_truncate(Thread *t, Value *args) {
    Value self = args[0];
    Buffered *b = as_buffered(self);
    CHECK(buffered_check_open(t, self, "truncate of closed file"));
    if (!b->writable)
        return io_unsupported(t, "truncate");
    CHECK(io_lock(t, &b->lock, self));
    Value result = NO_VALUE;
    if (buffered_flush_unlocked(t, self) && (!b->readable || buffered_rewind(t, self))) {
        Value position = args[1];
        int64_t at;
        if (is_none(position) && raw_tell(t, self, &at))
            position = int_from(t, at);
        if (present(position) && !error_pending(t))
            result = call_method_1(t, b->raw, names.truncate, position);
        if (present(result) && !raw_tell(t, self, &at))
            error_clear(t);
    }
    io_unlock(&b->lock);
    return result;
}

/* Types */

static const GetSetDef getset[] = {
    {"closed", get_closed, NULL, NULL},
    {"name", get_name, NULL, NULL},
    {"mode", get_mode, NULL, NULL},
    {"_finalizing", get_finalizing, set_finalizing, NULL, MEMBER},
    {NULL, NULL, NULL, NULL},
};
static const MemberDef members[] = {
    {"raw", MEMBER_VALUE, offsetof(Buffered, raw), true, NULL},
    {NULL, 0, 0, false, NULL},
};

#define COMMON(init)                                                                                       \
    {"__init__(self, raw, buffer_size=131072)", init, NULL},                                               \
    {"__repr__(self, /)", buffered_repr, NULL},                                                            \
    {"__del__(self, /)", io_base_del, NULL},                                                               \
    {"detach(self, /)", buffered_detach, "Separates the raw stream from the buffer and gives it."},        \
    {"close(self, /)", buffered_close, "Flushes and closes the stream."},                                  \
    {"seekable(self, /)", buffered_seekable, NULL},                                                        \
    {"fileno(self, /)", buffered_fileno, NULL},                                                            \
    {"isatty(self, /)", buffered_isatty, NULL},                                                            \
    {"_dealloc_warn(self, source, /)", buffered_dealloc_warn, NULL},                                       \
    {"seek(self, target, whence=0, /)", buffered_seek, "Sets the position; gives the new one."},           \
    {"tell(self, /)", buffered_tell, "The current position."},                                             \
    {"truncate(self, pos=None, /)", buffered_truncate, "Cuts the stream, by default at the position.", NATIVE_COUNTS_NAMED},    \
    {"__sizeof__(self, /)", buffered_sizeof, NULL},                                                        \
    {"__getstate__(self, /)", io_cannot_pickle, NULL}
#define READING                                                                                            \
    {"readable(self, /)", buffered_readable, NULL},                                                        \
    {"read(self, size=-1, /)", buffered_read, "Reads size bytes, or all; fewer only at the end."},         \
    {"peek(self, size=0, /)", buffered_peek, "Bytes from the buffer, without moving the position."},       \
    {"read1(self, size=-1, /)", buffered_read1, "Reads up to size bytes with at most one raw read."},      \
    {"readinto(self, buffer, /)", buffered_readinto, "Reads into a buffer."},                              \
    {"readinto1(self, buffer, /)", buffered_readinto1, "Reads into a buffer with at most one raw read."},  \
    {"readline(self, size=-1, /)", buffered_readline, "The next line, of at most size bytes."}
#define WRITING                                                                                            \
    {"writable(self, /)", buffered_writable, NULL},                                                        \
    {"flush(self, /)", buffered_flush, "Writes out what is buffered."},                                    \
    {"write(self, buffer, /)", buffered_write, "Writes bytes to the buffer; gives how many."}

static const NativeDef reader_methods[] = {
    COMMON(init_reader), READING, {"flush(self, /)", flush_reader, NULL}, {NULL, NULL, NULL, 0}};
static const NativeDef writer_methods[] = {COMMON(init_writer), WRITING, {NULL, NULL, NULL, 0}};
static const NativeDef random_methods[] = {COMMON(init_random), READING, WRITING, {NULL, NULL, NULL, 0}};

STATIC_TYPE(buffered_reader_type) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "_io.BufferedReader",
    .doc = "A buffer before a raw stream that is read.",
    .base_static = &buffered_io_base_type,
    .signature = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    .needs_no_del = needs_no_del,
    .methods = reader_methods,
    .getset = getset,
    .members = members,
    .next = buffered_next,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(Buffered),
};
STATIC_TYPE(buffered_writer_type) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "_io.BufferedWriter",
    .doc = "A buffer before a raw stream that is written.",
    .base_static = &buffered_io_base_type,
    .signature = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    .needs_no_del = needs_no_del,
    .methods = writer_methods,
    .getset = getset,
    .members = members,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(Buffered),
};
STATIC_TYPE(buffered_random_type) = {
    STATIC_TYPE_HEAD(trace, release),
    .name_text = "_io.BufferedRandom",
    .doc = "A buffer before a raw stream that is read and written and can be positioned.",
    .base_static = &buffered_io_base_type,
    .signature = "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    .needs_no_del = needs_no_del,
    .methods = random_methods,
    .getset = getset,
    .members = members,
    .next = buffered_next,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(Buffered),
};
