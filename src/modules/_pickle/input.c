/* Where the unpickler reads: memory, refilled from a file.
 *
 * With a file, `input` holds what the last call returned. What peek() showed is still in the file: `peeked` counts
 * it, from the start of `input`, and it is skipped by a read() before the next call.
 */
#include "modules/_pickle/pickle.h"

enum { PREFETCH = 128 * 1024 };

static const char *truncated(Thread *t) {
    UNPICKLING_FAIL(t, "pickle data was truncated");
    return NULL;
}

static bool set_input(Thread *t, Unpickler *u, Value bytes, const char *what) {
    if (absent(bytes))
        return false;
    if (!is_bytes(bytes)) {
        if (!strcmp(what, "read"))
            raise_value_error(t, "read() returned non-bytes object (%R)", bytes);
        else
            raise_type_error(t, "%s() returned a non-bytes object", what);
        return false;
    }
    store(u, &u->source, bytes);
    u->input = as_bytes(bytes)->data;
    u->input_length = u->input_limit = as_bytes(bytes)->length;
    u->input_next = u->peeked = 0;
    return true;
}

static void forget_input(Unpickler *u) { u->input_length = u->input_limit = u->input_next = u->peeked = 0; }

bool input_give_back(Thread *t, Unpickler *u) {
    if (!u->peeked)
        return true;
    size_t used = u->input_next;
    forget_input(u);
    return used == 0 || present(call_1(t, u->file_read, small_int((int64_t)used)));
}

/* Something is wanted from behind an open frame: false unless the frame has been used up. */
static bool leave_frame(Thread *t, Unpickler *u) {
    if (u->in_frame && u->input_next < u->input_limit) {
        UNPICKLING_FAIL(t, "pickle exhausted before end of frame");
        return false;
    }
    u->in_frame = false;
    u->input_limit = u->input_length;
    return true;
}

/* The whole frame is fetched at once. */
bool input_enter_frame(Thread *t, Unpickler *u, uint64_t n) {
    if (u->in_frame && u->input_next < u->input_limit) {
        UNPICKLING_FAIL(t, "beginning of a new frame before end of current frame");
        return false;
    }
    if (!leave_frame(t, u) || input_read(t, u, n) == NULL)
        return false;
    u->input_limit = u->input_next;
    u->input_next -= n;
    u->in_frame = true;
    return true;
}

/* Shows what the file holds without taking it. true with input, or false: not so much there, or error. */
static bool peek(Thread *t, Unpickler *u, size_t n) {
    if (absent(u->file_peek) || n >= PREFETCH)
        return false;
    Value shown = call_1(t, u->file_peek, small_int(PREFETCH));
    if (absent(shown)) {
        if (error_catch(t, &NotImplementedError_type))
            store(u, &u->file_peek, NO_VALUE); /* a stream that only looks as if it could */
        return false;
    }
    if (!is_bytes(shown)) {
        raise_type_error(t, "peek() should have returned a bytes object, not '%T'", shown);
        return false;
    }
    if (as_bytes(shown)->length < n || !set_input(t, u, shown, "peek"))
        return false;
    u->peeked = u->input_length;
    return true;
}

const char *input_more(Thread *t, Unpickler *u, size_t n) {
    if (u->in_frame)
        return leave_frame(t, u) ? input_read(t, u, n) : NULL;
    if (absent(u->file_read) || n > INT64_MAX)
        return truncated(t);
    size_t rest = u->input_length - u->input_next;
    Value head = rest && !u->peeked ? bytes_new(t, u->input + u->input_next, rest) : NO_VALUE;
    if (error_pending(t) || !input_give_back(t, u))
        return NULL;
    size_t wanted = n - (present(head) ? rest : 0);
    if (!peek(t, u, wanted)) {
        if (error_pending(t) || !set_input(t, u, call_1(t, u->file_read, small_int((int64_t)wanted)), "read"))
            return NULL;
        if (u->input_length < wanted)
            return truncated(t);
    }
    if (present(head)) { /* left over from a frame that ended within this datum */
        Value whole = bytes_new(t, NULL, n);
        if (absent(whole))
            return NULL;
        memcpy(as_bytes(whole)->data, as_bytes(head)->data, rest);
        memcpy(as_bytes(whole)->data + rest, u->input, wanted);
        u->input_next = wanted;
        if (!input_give_back(t, u) || !set_input(t, u, whole, "read"))
            return NULL;
        u->input_next = n;
        return u->input;
    }
    u->input_next = n;
    return u->input;
}

bool input_read_into(Thread *t, Unpickler *u, char *to, size_t n) {
    size_t rest = u->input_length - u->input_next;
    if (n <= rest || absent(u->file_read) || u->in_frame) {
        const char *from = input_read(t, u, n);
        if (from)
            memcpy(to, from, n);
        return from != NULL;
    }
    if (u->peeked)
        rest = 0;
    else
        memcpy(to, u->input + u->input_next, rest);
    if (!input_give_back(t, u))
        return false;
    forget_input(u);
    Value data = call_1(t, u->file_read, small_int((int64_t)(n - rest)));
    if (!set_input(t, u, data, "read"))
        return false;
    if (u->input_length < n - rest)
        return truncated(t);
    memcpy(to + rest, u->input, n - rest);
    u->input_next = u->input_length;
    return true;
}

const char *input_line(Thread *t, Unpickler *u, size_t *length) {
    size_t rest = u->input_limit - u->input_next;
    const char *start = u->input + u->input_next, *end = rest ? memchr(start, '\n', rest) : NULL;
    if (end == NULL && u->in_frame)
        return leave_frame(t, u) ? input_line(t, u, length) : NULL;
    if (end == NULL) {
        if (absent(u->file_read))
            return truncated(t);
        if (!input_give_back(t, u) || !set_input(t, u, call_0(t, u->file_readline), "readline"))
            return NULL;
        start = u->input;
        if (u->input_length == 0 || start[u->input_length - 1] != '\n')
            return truncated(t);
        end = start + u->input_length - 1;
    }
    *length = (size_t)(end - start);
    u->input_next = (size_t)(end + 1 - u->input);
    return start;
}

const char *input_full_line(Thread *t, Unpickler *u, size_t *length) {
    const char *line = input_line(t, u, length);
    return line && *length == 0 ? truncated(t) : line;
}
