/* _io.TextIOWrapper: tell and seek.
 *
 * A position is a number that holds what it takes to come back to it: where in the bytes to start, with which decoder
 * flags, how many bytes to feed from there, whether the end was fed too, and how many characters to skip.
 * Threads: see text.h.
 */
#include "modules/io/text.h"

typedef struct Cookie {
    Value start, flags; /* ints */
    int64_t feed, skip;
    bool need_eof;
} Cookie;

static Value field(Thread *t, Value whole, Value part, int shift) {
    part = TRY(int_lshift(t, part, small_int(shift)));
    return int_or(t, whole, part);
}

static Value pack(Thread *t, const Cookie *c) {
    Value v = TRY(field(t, c->start, c->flags, 64));
    v = TRY(field(t, v, small_int(c->feed), 128));
    v = TRY(field(t, v, small_int(c->skip), 192));
    return field(t, v, small_int(c->need_eof), 256);
}

static Value extract(Thread *t, Value whole, int shift) {
    Value mask = TRY(int_from_unsigned(t, UINT64_MAX)), part = TRY(int_rshift(t, whole, small_int(shift)));
    return int_and(t, part, mask);
}

static bool unpack(Thread *t, Value v, Cookie *c) {
    Value feed, skip, eof;
    if (absent(c->start = extract(t, v, 0)) || absent(c->flags = extract(t, v, 64)) ||
        absent(feed = extract(t, v, 128)) || absent(skip = extract(t, v, 192)) || absent(eof = extract(t, v, 256)))
        return false;
    c->need_eof = int_sign(eof) != 0;
    return int_as_i64(t, feed, &c->feed) && int_as_i64(t, skip, &c->skip);
}

static int64_t decoded_length(Thread *t, TextIo *x, const char *data, size_t length, bool final) {
    Value text = text_decode(t, x, data, length, final);
    return absent(text) ? -1 : (int64_t)str_length(text);
}

/* Finds a point as far on as possible from which the decoder, with nothing held back, gives at most the
 * characters to skip. Leaves the decoder there. */
static bool find_start(Thread *t, TextIo *x, Value input, Cookie *c, size_t *skipped) {
    size_t length = as_bytes(input)->length, back = 1;
    size_t skip = (size_t)(x->bytes_per_character * (double)c->skip);
    if (skip > length)
        skip = length;
    while (skip > 0) {
        if (!text_decoder_set_state(t, x, empty_bytes, c->flags))
            return false;
        int64_t n = decoded_length(t, x, as_bytes(input)->data, skip, false);
        if (n < 0)
            return false;
        if (n <= c->skip) {
            Value held, flags;
            if (!text_decoder_get_state(t, x, &held, &flags))
                return false;
            if (as_bytes(held)->length == 0) {
                c->flags = flags;
                c->skip -= n;
                *skipped = skip;
                return true;
            }
            skip -= as_bytes(held)->length < skip ? as_bytes(held)->length : skip;
            back = 1;
        } else {
            skip = skip > back ? skip - back : 0;
            back *= 2;
        }
    }
    *skipped = 0;
    return text_decoder_set_state(t, x, empty_bytes, c->flags);
}

/* Feeds byte by byte up to the character, moving the start along wherever the decoder holds nothing back. */
static bool refine(Thread *t, TextIo *x, Value input, Cookie *c, size_t from) {
    size_t length = as_bytes(input)->length;
    int64_t decoded = 0;
    for (size_t i = from; i < length; i++) {
        Value held, flags;
        c->feed++;
        int64_t n = decoded_length(t, x, as_bytes(input)->data + i, 1, false);
        if (n < 0 || !text_decoder_get_state(t, x, &held, &flags))
            return false;
        decoded += n;
        if (as_bytes(held)->length == 0 && decoded <= c->skip) {
            c->start = int_add(t, c->start, small_int(c->feed));
            if (absent(c->start))
                return false;
            c->skip -= decoded;
            c->flags = flags;
            c->feed = decoded = 0;
        }
        if (decoded >= c->skip)
            return true;
    }
    int64_t n = decoded_length(t, x, "", 0, true);
    if (n < 0)
        return false;
    c->need_eof = true;
    if (decoded + n < c->skip) {
        raise_error(t, &OSError_type, "can't reconstruct logical file position");
        return false;
    }
    return true;
}

static Value tell_in_chunk(Thread *t, TextIo *x, Value position) {
    Value input = x->snapshot_bytes;
    Cookie c = {.flags = x->snapshot_flags, .skip = (int64_t)x->used};
    c.start = TRY(int_sub(t, position, small_int((int64_t)as_bytes(input)->length)));
    if (c.skip == 0)
        return pack(t, &c);
    Value held, flags;
    CHECK(text_decoder_get_state(t, x, &held, &flags));
    NewlineState saved = x->newlines;
    size_t skipped = 0;
    bool ok = find_start(t, x, input, &c, &skipped);
    if (ok)
        ok = present(c.start = int_add(t, c.start, small_int((int64_t)skipped)));
    if (ok && c.skip)
        ok = refine(t, x, input, &c, skipped);
    Value error = ok ? NO_VALUE : error_take(t);
    bool restored = text_decoder_set_state(t, x, held, flags);
    x->newlines = saved;
    if (!ok) {
        error_clear(t);
        error_restore(t, error);
        return NO_VALUE;
    }
    return restored ? pack(t, &c) : NO_VALUE;
}

static Value tell_locked(Thread *t, Value self) {
    TextIo *x = as_text(self);
    if (!x->seekable)
        return io_unsupported(t, "underlying stream is not seekable");
    if (!x->telling)
        return raise_error(t, &OSError_type, "telling position disabled by next() call");
    CHECK(text_write_pending(t, x));
    TRY(call_method_0(t, self, names.flush));
    Value position = TRY(call_method_0(t, x->buffer, names.tell));
    if (!x->readable || absent(x->snapshot_bytes))
        return position;
    return tell_in_chunk(t, x, TRY(index_of(t, position)));
}

Value text_tell(Thread *t, Value *args) {
    CHECK(text_check_open(t, args[0]));
    io_lock_again(t, &as_text(args[0])->lock);
    Value v = tell_locked(t, args[0]);
    io_unlock(&as_text(args[0])->lock);
    return v;
}

static Value seek_to_end(Thread *t, Value self) {
    TextIo *x = as_text(self);
    TRY(call_method_0(t, self, names.flush));
    text_forget(x);
    CHECK(!x->readable || text_decoder_reset(t, x));
    Value position = TRY(call_method_2(t, x->buffer, names.seek, small_int(0), small_int(2)));
    int moved = compare_true(t, COMPARE_NE, position, small_int(0));
    CHECK(moved >= 0);
    CHECK(!x->writable || text_encoder_reset(t, x, !moved));
    return position;
}

static Value seek_to_cookie(Thread *t, Value self, Value position) {
    TextIo *x = as_text(self);
    Cookie c;
    CHECK(unpack(t, position, &c));
    TRY(call_method_0(t, self, names.flush));
    TRY(call_method_1(t, x->buffer, names.seek, c.start));
    text_forget(x);
    bool at_start = int_sign(position) == 0;
    if (x->readable) {
        CHECK(at_start ? text_decoder_reset(t, x) : text_decoder_set_state(t, x, empty_bytes, c.flags));
        if (!at_start) {
            store(x, &x->snapshot_flags, c.flags);
            store(x, &x->snapshot_bytes, empty_bytes);
        }
    }
    if (c.skip) {
        Value input = TRY(call_method_1(t, x->buffer, names.read, small_int(c.feed)));
        if (!is_bytes(input))
            return raise_type_error(t, "underlying read() should have returned a bytes object, not '%T'", input);
        store(x, &x->snapshot_bytes, input);
        Value text = TRY(text_decode(t, x, as_bytes(input)->data, as_bytes(input)->length, c.need_eof));
        store(x, &x->decoded, text);
        if ((int64_t)str_length(text) < c.skip)
            return raise_error(t, &OSError_type, "can't restore logical file position");
        x->used = (size_t)c.skip;
    }
    CHECK(!x->writable || text_encoder_reset(t, x, at_start));
    return position;
}

static Value seek_locked(Thread *t, Value self, Value position, int whence) {
    if (!as_text(self)->seekable)
        return io_unsupported(t, "underlying stream is not seekable");
    if (whence < 0 || whence > 2)
        return raise_value_error(t, "invalid whence (%d, should be 0, 1 or 2)", whence);
    if (whence) {
        int moved = compare_true(t, COMPARE_NE, position, small_int(0));
        CHECK(moved >= 0);
        if (moved)
            return io_unsupported(t, whence == 1 ? "can't do nonzero cur-relative seeks"
                                                 : "can't do nonzero end-relative seeks");
        if (whence == 2)
            return seek_to_end(t, self);
        TRY(call_method_0(t, self, names.flush));
        position = TRY(call_method_0(t, self, names.tell));
    }
    Value target = TRY(index_of(t, position));
    if (int_sign(target) < 0)
        return raise_value_error(t, "negative seek position %R", target);
    return seek_to_cookie(t, self, target);
}

Value text_seek(Thread *t, Value *args) {
    int whence;
    CHECK(text_check(t, args[0]) && as_c_int(t, args[2], &whence) && text_check_open(t, args[0]));
    io_lock_again(t, &as_text(args[0])->lock);
    Value v = seek_locked(t, args[0], args[1], whence);
    io_unlock(&as_text(args[0])->lock);
    return v;
}
