/* _io: writing through a buffer.
 *
 * Threads: each method holds the stream's lock while it works; see buffered.h.
 */
#include "modules/io/buffered.h"

Value buffered_blocking_error(Thread *t, size_t written) {
    Value message = TRY(str_from_text(t, "write could not complete without blocking"));
    return raise_with_args(t, &BlockingIOError_type, 3,
                           (Value[]){small_int(EAGAIN), message, small_int((int64_t)written)});
}

bool buffered_flush_unlocked(Thread *t, Value self) {
    Buffered *b = as_buffered(self);
    size_t done = 0;
    bool ok = true;
    while (ok && done < b->write_length) {
        int64_t n = buffered_raw_write(t, self, b->write_buffer + done, b->write_length - done);
        if (n == -2)
            buffered_blocking_error(t, 0);
        if (n < 0)
            ok = false;
        else
            done += (size_t)n;
        ok = ok && safepoint_inside(t); /* a handler's exception leaves the rest in the buffer */
    }
    if (done)
        memmove(b->write_buffer, b->write_buffer + done, b->write_length - done);
    b->write_length -= done;
    return ok;
}

static void fill(Buffered *b, const char *from, size_t size) {
    memcpy(b->write_buffer + b->write_length, from, size);
    b->write_length += size;
}

static Value write_unlocked(Thread *t, Value self, const char *from, size_t size) {
    Buffered *b = as_buffered(self);
    if (read_ahead(b) || b->read_end)
        CHECK(buffered_rewind(t, self));
    if (size <= b->size - b->write_length) {
        fill(b, from, size);
        return small_int((int64_t)size);
    }
    if (!buffered_flush_unlocked(t, self)) {
        if (!error_matches(t, &BlockingIOError_type))
            return NO_VALUE;
        /* The raw stream takes nothing more: the buffer takes what it can. */
        size_t room = b->size - b->write_length;
        fill(b, from, size < room ? size : room);
        error_clear(t);
        return size <= room ? small_int((int64_t)size) : buffered_blocking_error(t, room);
    }
    size_t done = 0;
    while (size - done > b->size) {
        int64_t n = buffered_raw_write(t, self, from + done, size - done);
        if (n == -1)
            return NO_VALUE;
        if (n == -2) {
            fill(b, from + done, b->size);
            return buffered_blocking_error(t, done + b->size);
        }
        done += (size_t)n;
        CHECK(safepoint_inside(t));
    }
    fill(b, from + done, size - done);
    return small_int((int64_t)size);
}

Value buffered_write(Thread *t, Value *args) {
    Value self = args[0];
    Buffered *b = as_buffered(self);
    Buffer source;
    CHECK(buffered_check(t, self));
    CHECK(buffer_get_contiguous(t, args[1], &source, false));
    Value v = NO_VALUE;
    if (io_lock(t, &b->lock, self)) {
        /* Closed is asked with the lock held: another thread may close meanwhile. */
        if (buffered_check_open(t, self, "write to closed file") && buffered_write_room(t, b))
            v = write_unlocked(t, self, source.data, source.length);
        io_unlock(&b->lock);
    }
    buffer_release(t, &source);
    return v;
}
