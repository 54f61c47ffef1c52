/* _io: what the streams share: errors, checks, the lock, newline handling.
 *
 * Threads: see io.h.
 */
#include "modules/io/io.h"

#include "object/shape.h"
#include "types/str/str_layout.h"
#include "types/dict/dict.h"

void io_trace(Tracer *tracer, Object *o) { instance_trace(tracer, o); }

Value io_unsupported(Thread *t, const char *message) {
    return raise_error(t, as_type(t->isolate->slots[ISOLATE_IO]), "%s", message);
}

Value io_closed_error(Thread *t, const char *message) { return raise_value_error(t, "%s", message); }

Value io_cannot_pickle(Thread *t, Value *args) {
    return raise_type_error(t, "cannot pickle '%S' instances", load(&type_of(args[0])->name));
}

int io_is_closed(Thread *t, Value o) {
    Value closed = get_attribute(t, o, names.closed);
    return absent(closed) ? -1 : truth(t, closed);
}

bool io_check_closed(Thread *t, Value o) {
    int closed = io_is_closed(t, o);
    if (closed > 0)
        raise_value_error(t, "I/O operation on closed file.");
    return closed == 0;
}

static bool check(Thread *t, Value o, Value method, const char *message) {
    Value result = call_method_0(t, o, method);
    if (absent(result))
        return false;
    if (!same(result, TRUE)) {
        io_unsupported(t, message);
        return false;
    }
    return true;
}
bool io_check_readable(Thread *t, Value o) { return check(t, o, names.readable, "File or stream is not readable."); }
bool io_check_writable(Thread *t, Value o) { return check(t, o, names.writable, "File or stream is not writable."); }
bool io_check_seekable(Thread *t, Value o) { return check(t, o, names.seekable, "File or stream is not seekable."); }

bool io_size(Thread *t, Value v, int64_t *size) {
    if (is_none(v)) {
        *size = -1;
        return true;
    }
    if (!is_int(v) && absent(type_lookup(type_of(v), names.__index__))) {
        raise_type_error(t, "argument should be integer or None, not '%T'", v);
        return false;
    }
    return index_as_ssize(t, v, size, false, NULL);
}

bool io_writable_buffer(Thread *t, const char *function, Value v, Buffer *b) {
    if (has_buffer(v) && !is_bytes(v) && buffer_get_contiguous(t, v, b, true))
        return true;
    if (error_pending(t) && !error_catch(t, &TypeError_type) && !error_catch(t, &BufferError_type))
        return false;
    raise_type_error(t, "%s() argument 1 must be read-write bytes-like object, not %Y", function, v);
    return false;
}

void io_chain(Thread *t, Value first) {
    if (absent(first))
        return;
    if (!error_pending(t)) {
        error_restore(t, first);
        return;
    }
    Value second = error_take(t);
    if (!same(first, second) && !set_attribute(t, second, names.__context__, first))
        error_clear(t);
    error_restore(t, second);
}

bool io_caught_interrupt(Thread *t) {
    return error_catch(t, &InterruptedError_type) && safepoint_inside(t);
}

Value instance_dict_of(Thread *t, Value self) {
    return instance_attribute_count(as_object(self)) ? instance_dict_copy(t, as_object(self)) : NONE;
}

bool instance_dict_update(Thread *t, Value self, Value dict, const char *which_item) {
    if (is_none(dict))
        return true;
    if (!is_dict(dict)) {
        raise_type_error(t, "%s item of state should be a dict, got a %T", which_item, dict);
        return false;
    }
    Value own = instance_dict(t, as_object(self));
    return present(own) && dict_update(t, own, dict);
}

bool io_lock(Thread *t, IoLock *lock, Value self) {
    if (load_relaxed(&lock->owner) == t) {
        raise_error(t, &RuntimeError_type, "reentrant call inside %R", self);
        return false;
    }
    io_lock_again(t, lock);
    return true;
}

/* While there is one thread the lock is a plain word. */
static inline bool try_lock(IoLock *lock) {
    if (load_relaxed(&runtime_threaded))
        return mutex_try_lock(&lock->mutex);
    bool free = !mutex_held(&lock->mutex);
    if (free)
        store_relaxed(&lock->mutex.state, 1u);
    return free;
}

void io_lock_again(Thread *t, IoLock *lock) {
    if (load_relaxed(&lock->owner) == t) {
        lock->depth++;
        return;
    }
    if (!try_lock(lock)) {
        blocking_begin(t);
        mutex_lock(&lock->mutex);
        blocking_end(t);
    }
    store_relaxed(&lock->owner, t);
    lock->depth = 1;
}

void io_unlock(IoLock *lock) {
    if (--lock->depth)
        return;
    store_relaxed(&lock->owner, (Thread *)NULL);
    if (load_relaxed(&runtime_threaded))
        mutex_unlock(&lock->mutex);
    else
        store_relaxed(&lock->mutex.state, 0u);
}

/* Newlines */

bool newline_mode(Thread *t, Value newline, NewlineMode *mode, const char *illegal) {
    *mode = (NewlineMode){0};
    if (!is_none(newline) && !is_str(newline)) {
        raise_type_error(t, "illegal newline type: %T", newline);
        return false;
    }
    static const char *const allowed[] = {"", "\n", "\r", "\r\n"};
    for (size_t i = 0; !mode->given && !is_none(newline) && i < 4; i++)
        if (str_equal_text(newline, allowed[i])) {
            strcpy(mode->text, allowed[i]);
            mode->given = true;
        }
    if (!is_none(newline) && !mode->given) {
        raise_value_error(t, illegal, newline);
        return false;
    }
    mode->universal = mode->text[0] == 0;
    mode->translate = !mode->given;
    mode->write_translate = !mode->given || mode->text[0] != 0;
    return true;
}

Value newlines_seen(Thread *t, uint8_t seen) {
    static const char *const forms[] = {"\r", "\n", "\r\n"};
    Value found[3];
    size_t count = 0;
    for (int i = 0; i < 3; i++)
        if (seen & 1 << i)
            found[count++] = TRY(str_intern_text(t, forms[i]));
    return count == 0 ? NONE : count == 1 ? found[0] : tuple_from_values(t, found, count);
}

/* What line ends the characters have; stops looking once all forms were seen. */
static uint8_t scan_newlines(const void *data, int kind, size_t length) {
    uint8_t seen = 0;
    for (size_t i = 0; i < length && seen != (SEEN_CR | SEEN_LF | SEEN_CRLF); i++) {
        uint32_t c = str_char(data, kind, i);
        if (c == '\n') {
            seen |= SEEN_LF;
        } else if (c == '\r') {
            if (i + 1 < length && str_char(data, kind, i + 1) == '\n') {
                seen |= SEEN_CRLF;
                i++;
            } else {
                seen |= SEEN_CR;
            }
        }
    }
    return seen;
}

#define TRANSLATE(type)                                                                             \
    static size_t translate_##type(type *to, const type *from, size_t length) {                     \
        size_t n = 0;                                                                               \
        for (size_t i = 0; i < length; i++) {                                                       \
            type c = from[i];                                                                       \
            if (c == '\r') {                                                                        \
                if (i + 1 < length && from[i + 1] == '\n')                                          \
                    i++;                                                                            \
                c = '\n';                                                                           \
            }                                                                                       \
            to[n++] = c;                                                                            \
        }                                                                                           \
        return n;                                                                                   \
    }
TRANSLATE(uint8_t)
TRANSLATE(uint16_t)
TRANSLATE(uint32_t)
#undef TRANSLATE

static Value translated(Thread *t, const void *data, int kind, size_t length) {
    void *copy = malloc(length * (size_t)kind + 1);
    if (copy == NULL)
        return raise_no_memory(t);
    size_t n = kind == 1   ? translate_uint8_t(copy, data, length)
               : kind == 2 ? translate_uint16_t(copy, data, length)
                           : translate_uint32_t(copy, data, length);
    Value v = str_from_chars(t, copy, kind, n);
    free(copy);
    return v;
}

static bool contains_cr(const void *data, int kind, size_t length) {
    if (kind == 1)
        return memchr(data, '\r', length) != NULL;
    for (size_t i = 0; i < length; i++)
        if (str_char(data, kind, i) == '\r')
            return true;
    return false;
}

Value newlines_decode(Thread *t, NewlineState *state, Value text, bool final) {
    if (state->pending_cr && (final || str_length(text))) {
        Value cr = TRY(str_from_char(t, '\r'));
        text = TRY(str_concat(t, cr, text));
        state->pending_cr = false;
    }
    size_t length = str_length(text);
    const void *data = str_data(t, text);
    if (data == NULL)
        return NO_VALUE;
    int kind = str_kind(text);
    /* A '\r' at the end may be half a line end: it waits. */
    if (!final && length && str_char(data, kind, length - 1) == '\r') {
        state->pending_cr = true;
        text = TRY(str_slice(t, text, 0, --length));
        data = str_data(t, text);
        if (data == NULL)
            return NO_VALUE;
        kind = str_kind(text);
    }
    if (length == 0)
        return text;
    bool has_cr = contains_cr(data, kind, length);
    if (state->seen == SEEN_LF && !has_cr)
        return text;
    if (has_cr)
        state->seen |= scan_newlines(data, kind, length);
    else if (chars_find_char((Chars){data, length, kind}, '\n') >= 0)
        state->seen |= SEEN_LF;
    Value result = state->translate && has_cr ? translated(t, data, kind, length) : text;
    keep_alive(as_object(text));
    return result;
}

int64_t find_line_end(const void *data, int kind, size_t start, size_t end, bool universal, const char *newline) {
    if (!universal && newline[1] == 0) {
        Chars part = chars_part((Chars){data, end, kind}, start, end);
        int64_t found = chars_find_char(part, (uint8_t)newline[0]);
        return found < 0 ? -1 : (int64_t)start + found + 1;
    }
    for (size_t i = start; i < end; i++) {
        uint32_t c = str_char(data, kind, i);
        if (universal) {
            if (c == '\n')
                return (int64_t)i + 1;
            if (c == '\r')
                return (int64_t)i + 1 + (i + 1 < end && str_char(data, kind, i + 1) == '\n');
        } else if (c == (uint8_t)newline[0]) {
            if (newline[1] == 0)
                return (int64_t)i + 1;
            if (i + 1 < end && str_char(data, kind, i + 1) == (uint8_t)newline[1])
                return (int64_t)i + 2;
        }
    }
    return -1;
}
