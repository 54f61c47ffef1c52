/* _io: reading through a buffer.
 *
 * Threads: each method holds the stream's lock while it works; see buffered.h.
 */
#include "modules/io/buffered.h"

#include "types/list.h"

/* What was waiting to be written goes first: BufferedRandom. */
static bool begin(Thread *t, Value self) {
    Buffered *b = as_buffered(self);
    if (!io_lock(t, &b->lock, self))
        return false;
    if ((b->write_length == 0 || buffered_flush_unlocked(t, self)) && buffered_read_room(t, b))
        return true;
    io_unlock(&b->lock);
    return false;
}
static void end(Value self) { io_unlock(&as_buffered(self)->lock); }

/* Fills the empty buffer with one raw read: how many bytes, or -1, -2. */
static int64_t fill(Thread *t, Value self) {
    Buffered *b = as_buffered(self);
    b->read_position = b->read_end = 0;
    int64_t n = buffered_raw_read(t, self, b->read_buffer, b->size);
    if (n > 0)
        b->read_end = (size_t)n;
    return n;
}

static size_t take(Buffered *b, char *to, size_t size) {
    size_t n = read_ahead(b) < size ? read_ahead(b) : size;
    memcpy(to, b->read_buffer + b->read_position, n);
    b->read_position += n;
    return n;
}

static Value take_bytes(Thread *t, Buffered *b, size_t size) {
    Value v = TRY(bytes_new(t, b->read_buffer + b->read_position, size));
    b->read_position += size;
    return v;
}

/* A growing array of bytes outside the heap. */
typedef struct Bytes {
    char *data;
    size_t length, capacity;
} Bytes;

static bool bytes_append(Thread *t, Bytes *b, const char *data, size_t length) {
    if (b->capacity - b->length < length) {
        size_t capacity = b->length + length + b->length / 2 + 64;
        char *larger = realloc(b->data, capacity);
        if (larger == NULL) {
            raise_no_memory(t);
            return false;
        }
        b->data = larger;
        b->capacity = capacity;
    }
    if (length)
        memcpy(b->data + b->length, data, length);
    b->length += length;
    return true;
}

/* Everything up to the end: readall() of the raw stream where it has one, else read() until it gives nothing. */
static Value read_all(Thread *t, Value self) {
    Buffered *b = as_buffered(self);
    Value head = TRY(take_bytes(t, b, read_ahead(b)));
    b->read_position = b->read_end = 0;
    b->raw_position = -1;
    Value readall = find_attribute(t, b->raw, names.readall);
    CHECK(!error_pending(t));
    if (present(readall)) {
        Value rest = TRY(call_0(t, readall));
        if (!is_none(rest) && !is_bytes(rest))
            return raise_type_error(t, "readall() should return bytes");
        if (as_bytes(head)->length == 0)
            return rest;
        if (is_none(rest) || as_bytes(rest)->length == 0)
            return head;
        return binary_operation(t, BINARY_ADD, head, rest);
    }
    Bytes all = {0};
    Value result = NO_VALUE;
    if (!bytes_append(t, &all, as_bytes(head)->data, as_bytes(head)->length))
        goto done;
    for (;;) {
        Value piece = call_method_0(t, b->raw, names.read);
        if (absent(piece))
            goto done;
        if (!is_none(piece) && !is_bytes(piece)) {
            raise_type_error(t, "read() should return bytes");
            goto done;
        }
        if (is_none(piece) || as_bytes(piece)->length == 0) {
            result = is_none(piece) && all.length == 0 ? piece : bytes_new(t, all.data, all.length);
            goto done;
        }
        if (!bytes_append(t, &all, as_bytes(piece)->data, as_bytes(piece)->length))
            goto done;
    }
done:
    free(all.data);
    return result;
}

/* Fills to[0, size): whole buffers directly, the rest through the buffer. Gives how much, -1 on error; *blocked: a
 * read would have blocked. once: at most one raw read. */
static int64_t read_through(Thread *t, Value self, char *to, size_t size, bool once, bool *blocked) {
    Buffered *b = as_buffered(self);
    size_t done = take(b, to, size);
    *blocked = false;
    if (done == size)
        return (int64_t)done;
    b->read_position = b->read_end = 0;
    while (done < size) {
        int64_t n;
        bool direct = once ? size - done > b->size : size - done >= b->size;
        if (once && done && !direct)
            break;
        if (direct) {
            size_t whole = once ? size - done : (size - done) / b->size * b->size;
            n = buffered_raw_read(t, self, to + done, whole);
            if (n > 0)
                done += (size_t)n;
        } else {
            n = fill(t, self);
            if (n > 0)
                done += take(b, to + done, size - done);
        }
        if (n == -1)
            return -1;
        if (n <= 0) {
            *blocked = n == -2;
            break;
        }
        if (once)
            break;
    }
    return (int64_t)done;
}

static Value read_count(Thread *t, Value self, size_t size) {
    Buffered *b = as_buffered(self);
    if (size <= read_ahead(b))
        return take_bytes(t, b, size);
    Value v = TRY(bytes_new(t, NULL, size));
    bool blocked;
    int64_t n = read_through(t, self, as_bytes(v)->data, size, false, &blocked);
    CHECK(n >= 0);
    if (n == 0 && blocked)
        return NONE;
    return (size_t)n == size ? v : bytes_new(t, as_bytes(v)->data, (size_t)n);
}

Value buffered_read(Thread *t, Value *args) {
    int64_t size;
    CHECK(buffered_check(t, args[0]) && io_size(t, args[1], &size));
    if (size < -1)
        return raise_value_error(t, "read length must be non-negative or -1");
    CHECK(buffered_check_open(t, args[0], "read of closed file"));
    CHECK(begin(t, args[0]));
    Value v = size < 0 ? read_all(t, args[0]) : read_count(t, args[0], (size_t)size);
    end(args[0]);
    return v;
}

Value buffered_read1(Thread *t, Value *args) {
    Value self = args[0];
    Buffered *b = as_buffered(self);
    int64_t size;
    CHECK(buffered_check(t, self) && index_as_ssize(t, args[1], &size, false, NULL));
    if (size < 0)
        size = (int64_t)b->size;
    CHECK(buffered_check_open(t, self, "read of closed file"));
    if (size == 0)
        return empty_bytes;
    CHECK(begin(t, self));
    Value v = NO_VALUE;
    size_t ahead = read_ahead(b);
    if (ahead) {
        v = take_bytes(t, b, (size_t)size < ahead ? (size_t)size : ahead);
    } else {
        b->read_position = b->read_end = 0;
        v = bytes_new(t, NULL, (size_t)size);
        int64_t n = absent(v) ? -1 : buffered_raw_read(t, self, as_bytes(v)->data, (size_t)size);
        if (n < size)
            v = n == -1 ? NO_VALUE : bytes_new(t, as_bytes(v)->data, n > 0 ? (size_t)n : 0);
    }
    end(self);
    return v;
}

static Value readinto_with(Thread *t, Value *args, bool once) {
    Value self = args[0];
    CHECK(buffered_check_open(t, self, "readinto of closed file"));
    Buffer target;
    CHECK(io_writable_buffer(t, once ? "readinto1" : "readinto", args[1], &target));
    Value v = NO_VALUE;
    if (begin(t, self)) {
        bool blocked;
        int64_t n = read_through(t, self, target.data, target.length, once, &blocked);
        if (n >= 0)
            v = n == 0 && blocked ? NONE : small_int(n);
        end(self);
    }
    buffer_release(t, &target);
    return v;
}
Value buffered_readinto(Thread *t, Value *args) { return readinto_with(t, args, false); }
Value buffered_readinto1(Thread *t, Value *args) { return readinto_with(t, args, true); }

Value buffered_peek(Thread *t, Value *args) {
    Value self = args[0];
    Buffered *b = as_buffered(self);
    int64_t size;
    CHECK(buffered_check(t, self) && index_as_ssize(t, args[1], &size, false, NULL));
    CHECK(buffered_check_open(t, self, "peek of closed file"));
    CHECK(begin(t, self));
    int64_t n = read_ahead(b) ? (int64_t)read_ahead(b) : fill(t, self);
    Value v = n == -1 ? NO_VALUE : bytes_new(t, b->read_buffer + b->read_position, n > 0 ? (size_t)n : 0);
    end(self);
    return v;
}

static Value read_line(Thread *t, Value self, int64_t limit) {
    Buffered *b = as_buffered(self);
    Bytes line = {0};
    Value v = NO_VALUE;
    for (;;) {
        size_t ahead = read_ahead(b);
        if (limit >= 0 && ahead > (size_t)limit - line.length)
            ahead = (size_t)limit - line.length;
        const char *start = b->read_buffer + b->read_position, *newline = memchr(start, '\n', ahead);
        size_t n = newline ? (size_t)(newline - start) + 1 : ahead;
        bool complete = newline || (limit >= 0 && line.length + n == (size_t)limit);
        if (complete && line.length == 0) {
            v = take_bytes(t, b, n);
            break;
        }
        if (!bytes_append(t, &line, start, n))
            break;
        b->read_position += n;
        int64_t more = complete ? 0 : fill(t, self);
        if (more == -1)
            break;
        if (more <= 0) {
            v = bytes_new(t, line.data ? line.data : "", line.length);
            break;
        }
    }
    free(line.data);
    return v;
}

Value buffered_readline(Thread *t, Value *args) {
    int64_t limit;
    CHECK(buffered_check(t, args[0]) && io_size(t, args[1], &limit));
    CHECK(buffered_check_open(t, args[0], "readline of closed file"));
    CHECK(begin(t, args[0]));
    Value v = read_line(t, args[0], limit);
    end(args[0]);
    return v;
}

Value buffered_next(Thread *t, Value self) {
    CHECK(buffered_check(t, self));
    Value line;
    if (is_exactly(self, &buffered_reader_type) || is_exactly(self, &buffered_random_type)) {
        line = TRY(buffered_readline(t, (Value[]){self, NONE}));
    } else {
        line = TRY(call_method_0(t, self, names.readline));
        if (!is_bytes(line))
            return raise_error(t, &OSError_type, "readline() should have returned a bytes object, not '%T'", line);
    }
    return as_bytes(line)->length ? line : NO_VALUE;
}
