/* _io.TextIOWrapper: reading.
 *
 * Threads: see text.h.
 */
#include "modules/io/text.h"

void text_forget(TextIo *x) {
    x->decoded = x->snapshot_bytes = x->snapshot_flags = NO_VALUE; /* empty words need no barrier */
    x->used = 0;
}

static size_t decoded_rest(TextIo *x) { return present(x->decoded) ? str_length(x->decoded) - x->used : 0; }

/* At most n characters of what was decoded. */
static Value take(Thread *t, TextIo *x, size_t n) {
    size_t rest = decoded_rest(x);
    if (rest == 0)
        return empty_str;
    if (n > rest)
        n = rest;
    Value v = TRY(str_slice(t, x->decoded, x->used, x->used + n));
    x->used += n;
    return v;
}

/* Reads and decodes a chunk. 1: there was something, 0: the end, -1: error. */
static int read_chunk(Thread *t, TextIo *x, size_t hint) {
    if (!x->readable) {
        io_unsupported(t, "not readable");
        return -1;
    }
    Value state_bytes = NO_VALUE, state_flags = NO_VALUE;
    if (x->telling && !text_decoder_get_state(t, x, &state_bytes, &state_flags))
        return -1;
    size_t size = (size_t)((double)hint * (x->bytes_per_character > 1 ? x->bytes_per_character : 1));
    if (size < x->chunk_size)
        size = x->chunk_size;
    Value input = call_method_1(t, x->buffer, x->has_read1 ? names.read1 : names.read, small_int((int64_t)size));
    Buffer b;
    if (absent(input))
        return -1;
    if (!has_buffer(input)) {
        raise_type_error(t, "underlying %s() should have returned a bytes-like object, not '%T'",
                         x->has_read1 ? "read1" : "read", input);
        return -1;
    }
    if (!buffer_get_contiguous(t, input, &b, false))
        return -1;
    bool end = b.length == 0;
    Value text = text_decode(t, x, b.data, b.length, end), next_input = NO_VALUE;
    if (present(text) && x->telling) {
        next_input = bytes_new(t, NULL, as_bytes(state_bytes)->length + b.length);
        if (present(next_input)) {
            memcpy(as_bytes(next_input)->data, as_bytes(state_bytes)->data, as_bytes(state_bytes)->length);
            memcpy(as_bytes(next_input)->data + as_bytes(state_bytes)->length, b.data, b.length);
        }
    }
    size_t length = b.length;
    buffer_release(t, &b);
    if (absent(text) || (x->telling && absent(next_input)))
        return -1;
    store(x, &x->decoded, text);
    x->used = 0;
    if (str_length(text)) {
        x->bytes_per_character = (double)length / (double)str_length(text);
        end = false;
    } else {
        x->bytes_per_character = 0;
    }
    if (x->telling) {
        store(x, &x->snapshot_flags, state_flags);
        store(x, &x->snapshot_bytes, next_input);
    }
    return !end;
}

static Value read_all(Thread *t, TextIo *x) {
    if (!x->readable)
        return io_unsupported(t, "not readable");
    Value input = TRY(call_method_0(t, x->buffer, names.read));
    if (is_none(input)) {
        Value message = TRY(str_from_text(t, "Read returned None."));
        return raise_with_args(t, &BlockingIOError_type, 1, &message);
    }
    if (!has_buffer(input))
        return raise_type_error(t, "underlying read() should have returned a bytes-like object, not '%T'", input);
    Buffer b;
    CHECK(buffer_get_contiguous(t, input, &b, false));
    Value text = text_decode(t, x, b.data, b.length, true);
    buffer_release(t, &b);
    CHECK(present(text));
    Value head = TRY(take(t, x, SIZE_MAX));
    text_forget(x);
    return str_length(head) ? str_concat(t, head, text) : text;
}

static Value read_some(Thread *t, TextIo *x, size_t size) {
    Value first = TRY(take(t, x, size));
    if (str_length(first) == size)
        return first;
    StrBuilder all = {0};
    CHECK(str_builder_add(t, &all, first));
    size_t rest = size - str_length(first);
    while (rest) {
        int more = read_chunk(t, x, rest);
        CHECK(more >= 0);
        if (!more)
            break;
        Value piece = TRY(take(t, x, rest));
        CHECK(str_builder_add(t, &all, piece));
        rest -= str_length(piece);
    }
    return str_builder_finish(t, &all);
}

Value text_read(Thread *t, Value *args) {
    TextIo *x = as_text(args[0]);
    int64_t size;
    CHECK(text_check(t, args[0]) && io_size(t, args[1], &size) && text_check_open(t, args[0]));
    if (!x->readable)
        return io_unsupported(t, "not readable");
    io_lock_again(t, &x->lock);
    Value v = !text_write_pending(t, x) ? NO_VALUE : size < 0 ? read_all(t, x) : read_some(t, x, (size_t)size);
    io_unlock(&x->lock);
    return v;
}

/* The end of the line in the decoded characters: index behind it, or -1. `after_cr`: the piece before ended with half
 * of a "\r\n". */
static int64_t line_end(Thread *t, TextIo *x, bool after_cr) {
    const void *data = str_data(t, x->decoded);
    int kind = str_kind(x->decoded);
    size_t length = str_length(x->decoded);
    if (after_cr && x->used < length && str_char(data, kind, x->used) == '\n')
        return (int64_t)x->used + 1;
    if (x->newline.translate)
        return find_line_end(data, kind, x->used, length, false, "\n");
    return find_line_end(data, kind, x->used, length, x->newline.universal, x->newline.text);
}

static bool ends_with_cr(Thread *t, Value text) {
    size_t n = str_length(text);
    return n && str_char(str_data(t, text), str_kind(text), n - 1) == '\r';
}

static Value read_line(Thread *t, TextIo *x, int64_t limit) {
    StrBuilder all = {0};
    size_t length = 0;
    bool after_cr = false;
    CHECK(text_write_pending(t, x));
    for (;;) {
        while (decoded_rest(x) == 0) {
            int more = read_chunk(t, x, 0);
            CHECK(more >= 0);
            if (!more) {
                text_forget(x);
                return length ? str_builder_finish(t, &all) : empty_str;
            }
        }
        CHECK(str_data(t, x->decoded) != NULL);
        int64_t end = line_end(t, x, after_cr);
        size_t n = end < 0 ? decoded_rest(x) : (size_t)end - x->used;
        bool complete = end >= 0;
        if (limit >= 0 && length + n >= (size_t)limit) {
            n = (size_t)limit - length;
            complete = true;
        }
        Value piece = TRY(take(t, x, n));
        if (complete && length == 0)
            return piece;
        CHECK(str_builder_add(t, &all, piece));
        length += n;
        if (complete)
            return str_builder_finish(t, &all);
        after_cr = x->newline.text[1] && ends_with_cr(t, piece);
    }
}

static Value readline_locked(Thread *t, Value self, int64_t limit) {
    TextIo *x = as_text(self);
    CHECK(text_check_open(t, self));
    io_lock_again(t, &x->lock);
    Value v = read_line(t, x, limit);
    io_unlock(&x->lock);
    return v;
}

Value text_readline(Thread *t, Value *args) {
    int64_t limit;
    CHECK(text_check(t, args[0]));
    CHECK(index_as_ssize(t, args[1], &limit, false, NULL));
    return readline_locked(t, args[0], limit);
}

Value text_next(Thread *t, Value self) {
    CHECK(text_check(t, self));
    TextIo *x = as_text(self);
    x->telling = false;
    Value line;
    if (is_exactly(self, &text_io_wrapper_type)) {
        line = readline_locked(t, self, -1);
    } else {
        line = call_method_0(t, self, names.readline);
        if (present(line) && !is_str(line))
            return raise_error(t, &OSError_type, "readline() should have returned a str object, not '%T'", line);
    }
    if (present(line) && str_length(line))
        return line;
    if (present(line)) {
        text_forget(x);
        x->telling = x->seekable;
    }
    return NO_VALUE;
}
