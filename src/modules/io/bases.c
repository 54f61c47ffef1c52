/* _io: the abstract bases _IOBase, _RawIOBase, _BufferedIOBase and _TextIOBase.
 *
 * They work on any stream through its methods only.
 * Threads: no state but `base_closed`, which only ever becomes true.
 */
#include "modules/io/io.h"

#include "types/list.h"

/* _IOBase */

#define UNSUPPORTED(function, name) \
    static Value function(Thread *t, Value *args) { return io_unsupported(t, name); }
UNSUPPORTED(base_seek, "seek")
UNSUPPORTED(base_truncate, "truncate")
UNSUPPORTED(base_fileno, "fileno")
UNSUPPORTED(unsupported_detach, "detach")
UNSUPPORTED(unsupported_read, "read")
UNSUPPORTED(unsupported_read1, "read1")
UNSUPPORTED(unsupported_readline, "readline")
UNSUPPORTED(unsupported_write, "write")
#undef UNSUPPORTED

static Value base_tell(Thread *t, Value *args) {
    return call_method_2(t, args[0], names.seek, small_int(0), small_int(1));
}

static Value base_flush(Thread *t, Value *args) {
    if (load_relaxed(&((IoObject *)as_object(args[0]))->base_closed))
        return raise_value_error(t, "I/O operation on closed file.");
    return NONE;
}

Value io_base_close(Thread *t, Value *args) {
    IoObject *o = (IoObject *)as_object(args[0]);
    if (load_relaxed(&o->base_closed))
        return NONE;
    Value result = call_method_0(t, args[0], names.flush);
    store_relaxed(&o->base_closed, true);
    return present(result) ? NONE : NO_VALUE;
}

static Value get_closed(Thread *t, Value *args) {
    return from_bool(load_relaxed(&((IoObject *)as_object(args[0]))->base_closed));
}

/* Closes what its program forgot to close. */
Value io_base_del(Thread *t, Value *args) {
    Value pending = error_take(t);
    Value closed = find_attribute(t, args[0], names.closed);
    int is_closed = present(closed) ? truth(t, closed) : -1;
    error_clear(t);
    if (is_closed == 0) {
        if (!set_attribute(t, args[0], names._finalizing, TRUE))
            error_clear(t);
        if (absent(call_method_0(t, args[0], names.close)))
            error_write_unraisable(t, "Exception ignored while finalizing file", args[0]);
    }
    if (present(pending))
        error_restore(t, pending);
    return NONE;
}

static Value return_false(Thread *t, Value *args) { return FALSE; }
static Value base_isatty(Thread *t, Value *args) { return io_check_closed(t, args[0]) ? FALSE : NO_VALUE; }
static Value check_closed(Thread *t, Value *args) { return io_check_closed(t, args[0]) ? NONE : NO_VALUE; }
static Value check_readable(Thread *t, Value *args) { return io_check_readable(t, args[0]) ? TRUE : NO_VALUE; }
static Value check_writable(Thread *t, Value *args) { return io_check_writable(t, args[0]) ? TRUE : NO_VALUE; }
static Value check_seekable(Thread *t, Value *args) { return io_check_seekable(t, args[0]) ? TRUE : NO_VALUE; }
static Value base_self(Thread *t, Value *args) { return io_check_closed(t, args[0]) ? args[0] : NO_VALUE; }
static Value base_exit(Thread *t, Value *args) { return call_method_0(t, args[0], names.close); }

/* How many bytes to read next: up to a newline that peek shows, or 1. */
static int64_t readline_step(Thread *t, Value self, Value peek, int64_t rest) {
    if (absent(peek))
        return 1;
    Value ahead = call_1(t, peek, small_int(1));
    if (absent(ahead))
        return io_caught_interrupt(t) ? readline_step(t, self, peek, rest) : -1;
    if (!is_bytes(ahead)) {
        raise_error(t, &OSError_type, "peek() should have returned a bytes object, not '%T'", ahead);
        return -1;
    }
    size_t length = as_bytes(ahead)->length;
    if (length == 0)
        return 1;
    if (rest >= 0 && length > (size_t)rest)
        length = (size_t)rest;
    const char *data = as_bytes(ahead)->data, *newline = memchr(data, '\n', length);
    int64_t step = newline ? newline - data + 1 : (int64_t)length;
    keep_alive(as_object(ahead));
    return step;
}

/* bytes from a list of bytes */
static Value join_bytes(Thread *t, Value pieces, size_t length) {
    if (list_length(pieces) == 1)
        return list_get(pieces, 0);
    Value result = TRY(bytes_new(t, NULL, length));
    char *to = as_bytes(result)->data;
    for (size_t i = 0; i < list_length(pieces); i++) {
        BytesObject *piece = as_bytes(list_get(pieces, i));
        memcpy(to, piece->data, piece->length);
        to += piece->length;
    }
    return result;
}

static Value base_readline(Thread *t, Value *args) {
    int64_t limit;
    CHECK(io_size(t, args[1], &limit));
    Value self = args[0], peek = find_attribute(t, self, names.peek);
    CHECK(!error_pending(t));
    Value pieces = TRY(list_new(t, 0));
    int64_t length = 0;
    bool ended = false;
    while (!ended && (limit < 0 || length < limit)) {
        int64_t step = readline_step(t, self, peek, limit < 0 ? -1 : limit - length);
        CHECK(step >= 0);
        Value piece = call_method_1(t, self, names.read, small_int(step));
        if (absent(piece)) {
            if (io_caught_interrupt(t))
                continue;
            return NO_VALUE;
        }
        if (!is_bytes(piece))
            return raise_error(t, &OSError_type, "read() should have returned a bytes object, not '%T'", piece);
        size_t n = as_bytes(piece)->length;
        if (n == 0)
            break;
        CHECK(list_append(t, pieces, piece));
        length += (int64_t)n;
        ended = as_bytes(piece)->data[n - 1] == '\n';
    }
    return join_bytes(t, pieces, (size_t)length);
}

static Value base_next(Thread *t, Value self) {
    Value line = TRY(call_method_0(t, self, names.readline));
    int64_t length = length_of(t, line);
    return length > 0 ? line : NO_VALUE;
}

static Value base_readlines(Thread *t, Value *args) {
    int64_t hint, length = 0;
    CHECK(io_size(t, args[1], &hint));
    Value lines = TRY(list_new(t, 0)), iterator = TRY(get_iterator(t, args[0])), line;
    while (present(line = iterator_next(t, iterator))) {
        CHECK(list_append(t, lines, line));
        int64_t n = length_of(t, line);
        CHECK(n >= 0);
        if (hint > 0 && n > hint - length)
            break;
        length += n;
    }
    return error_pending(t) ? NO_VALUE : lines;
}

static Value base_writelines(Thread *t, Value *args) {
    CHECK(io_check_closed(t, args[0]));
    Value iterator = TRY(get_iterator(t, args[1])), line;
    while (present(line = iterator_next(t, iterator))) {
        while (absent(call_method_1(t, args[0], names.write, line)))
            CHECK(io_caught_interrupt(t));
    }
    return error_pending(t) ? NO_VALUE : NONE;
}

static const NativeDef base_methods[] = {
    {"__iter__(self, /)", base_self, NULL},
    {"__del__(self, /)", io_base_del, NULL},
    {"seek(self, offset, whence=0, /)", base_seek,
     "Sets the position: offset bytes from the start (0), the current position (1) or the end (2)."},
    {"tell(self, /)", base_tell, "The current position."},
    {"truncate(self, size=None, /)", base_truncate, "Cuts the stream to a size, by default the current position."},
    {"flush(self, /)", base_flush, "Writes out what is buffered."},
    {"close(self, /)", io_base_close, "Flushes and closes the stream."},
    {"seekable(self, /)", return_false, "Can the position be set?"},
    {"readable(self, /)", return_false, "Can the stream be read?"},
    {"writable(self, /)", return_false, "Can the stream be written?"},
    {"_checkClosed(self, /)", check_closed, NULL},
    {"_checkSeekable(self, /)", check_seekable, NULL},
    {"_checkReadable(self, /)", check_readable, NULL},
    {"_checkWritable(self, /)", check_writable, NULL},
    {"fileno(self, /)", base_fileno, "The descriptor, if the stream has one."},
    {"isatty(self, /)", base_isatty, "Is the stream a terminal?"},
    {"__enter__(self, /)", base_self, NULL},
    {"__exit__(self, /, *args)", base_exit, NULL, NATIVE_NO_SIGNATURE},
    {"readline(self, size=-1, /)", base_readline, "The next line, of at most size bytes."},
    {"readlines(self, hint=-1, /)", base_readlines, "A list of lines, of hint bytes in all or a little more."},
    {"writelines(self, lines, /)", base_writelines, "Writes each of the lines; line ends are not added."},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef base_getset[] = {{"closed", get_closed, NULL, NULL}, {NULL, NULL, NULL, NULL}};

STATIC_TYPE(io_base_type) = {
    STATIC_TYPE_HEAD(io_trace, NULL),
    .name_text = "_io._IOBase",
    .doc = "What all streams have in common.",
    .base_static = &object_type,
    .methods = base_methods,
    .getset = base_getset,
    .next = base_next,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(IoObject),
};

/* _RawIOBase */

static Value raw_read(Thread *t, Value *args) {
    int64_t size;
    CHECK(io_size(t, args[1], &size));
    if (size < 0)
        return call_method_0(t, args[0], names.readall);
    Value buffer = TRY(bytearray_new(t, NULL, (size_t)size));
    Value count = TRY(call_method_1(t, args[0], names.readinto, buffer));
    if (is_none(count))
        return count;
    int64_t n;
    CHECK(index_as_ssize(t, count, &n, false, &ValueError_type));
    ByteArrayObject *b = (ByteArrayObject *)as_object(buffer);
    if (n < 0 || (size_t)n > b->length)
        return raise_value_error(t, "readinto returned %lld outside buffer size %zu", (long long)n, b->length);
    return bytes_new(t, b->storage ? b->storage->data + b->start : "", (size_t)n);
}

static Value raw_readall(Thread *t, Value *args) {
    Value pieces = TRY(list_new(t, 0));
    size_t length = 0;
    for (;;) {
        Value piece = call_method_1(t, args[0], names.read, small_int(IO_BUFFER_SIZE));
        if (absent(piece)) {
            if (io_caught_interrupt(t))
                continue;
            return NO_VALUE;
        }
        if (is_none(piece)) {
            if (list_length(pieces) == 0)
                return piece;
            break;
        }
        if (!is_bytes(piece))
            return raise_type_error(t, "read() should return bytes");
        if (as_bytes(piece)->length == 0)
            break;
        length += as_bytes(piece)->length;
        CHECK(list_append(t, pieces, piece));
    }
    return list_length(pieces) ? join_bytes(t, pieces, length) : empty_bytes;
}

static Value raw_abstract(Thread *t, Value *args) { return raise_exception(t, from_object(&NotImplementedError_type)); }

static const NativeDef raw_methods[] = {
    {"read(self, size=-1, /)", raw_read, NULL},
    {"readall(self, /)", raw_readall, "Reads until the end, with several calls of read()."},
    {"readinto(self, buffer, /)", raw_abstract, NULL, NATIVE_NO_SIGNATURE},
    {"write(self, b, /)", raw_abstract, NULL, NATIVE_NO_SIGNATURE},
    {NULL, NULL, NULL, 0},
};
STATIC_TYPE(raw_io_base_type) = {
    STATIC_TYPE_HEAD(io_trace, NULL),
    .name_text = "_io._RawIOBase",
    .doc = "Base of unbuffered streams of bytes.",
    .base_static = &io_base_type,
    .methods = raw_methods,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(IoObject),
};

/* _BufferedIOBase */

static Value readinto_with(Thread *t, Value *args, Value method, const char *function) {
    Buffer b;
    CHECK(io_writable_buffer(t, function, args[1], &b));
    Value data = call_method_1(t, args[0], method, small_int((int64_t)b.length));
    Value result = NO_VALUE;
    if (present(data) && !is_bytes(data)) {
        raise_type_error(t, "read() should return bytes");
    } else if (present(data) && as_bytes(data)->length > b.length) {
        raise_value_error(t, "read() returned too much data: %zu bytes requested, %zu returned", b.length,
                          as_bytes(data)->length);
    } else if (present(data)) {
        memcpy(b.data, as_bytes(data)->data, as_bytes(data)->length);
        result = small_int((int64_t)as_bytes(data)->length);
    }
    buffer_release(t, &b);
    return result;
}
static Value buffered_readinto(Thread *t, Value *args) { return readinto_with(t, args, names.read, "readinto"); }
static Value buffered_readinto1(Thread *t, Value *args) { return readinto_with(t, args, names.read1, "readinto1"); }

static const NativeDef buffered_methods[] = {
    {"detach(self, /)", unsupported_detach, "Separates the raw stream from the buffer and gives it."},
    {"read(self, size=-1, /)", unsupported_read, "Reads up to size bytes; all if negative or not given."},
    {"read1(self, size=-1, /)", unsupported_read1, "Reads up to size bytes with at most one read of the raw stream."},
    {"readinto(self, buffer, /)", buffered_readinto, NULL},
    {"readinto1(self, buffer, /)", buffered_readinto1, NULL},
    {"write(self, b, /)", unsupported_write, "Writes bytes; gives how many."},
    {NULL, NULL, NULL, 0},
};
STATIC_TYPE(buffered_io_base_type) = {
    STATIC_TYPE_HEAD(io_trace, NULL),
    .name_text = "_io._BufferedIOBase",
    .doc = "Base of buffered streams of bytes.",
    .base_static = &io_base_type,
    .methods = buffered_methods,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(IoObject),
};

/* _TextIOBase */

static Value get_none(Thread *t, Value *args) { return NONE; }

static const NativeDef text_methods[] = {
    {"detach(self, /)", unsupported_detach, "Separates the buffer from the text stream and gives it."},
    {"read(self, size=-1, /)", unsupported_read, "Reads up to size characters; all if negative or None."},
    {"readline(self, size=-1, /)", unsupported_readline, "Reads up to the end of the line."},
    {"write(self, s, /)", unsupported_write, "Writes a str; gives its length."},
    {NULL, NULL, NULL, 0},
};
static const GetSetDef text_getset[] = {
    {"encoding", get_none, NULL, "Encoding of the text stream."},
    {"newlines", get_none, NULL, "Line ends translated so far."},
    {"errors", get_none, NULL, "The error setting of the decoder or encoder."},
    {NULL, NULL, NULL, NULL},
};
STATIC_TYPE(text_io_base_type) = {
    STATIC_TYPE_HEAD(io_trace, NULL),
    .name_text = "_io._TextIOBase",
    .doc = "Base of text streams.",
    .base_static = &io_base_type,
    .methods = text_methods,
    .getset = text_getset,
    .flags = IO_TYPE_FLAGS,
    .instance_size = sizeof(IoObject),
};
