/* Where the pickler writes: memory that grows, cut into frames from protocol 4 on.
 *
 * An open frame starts with room for its header, which is filled in when the frame ends. With a file, full frames go
 * there at once.
 */
#include "base/byte_order.h"
#include "modules/_pickle/pickle.h"

#include <stdlib.h>

enum { FIRST_SIZE = 1000 };

bool output_start(Thread *t, Pickler *p) {
    if (p->output == NULL && (p->output = malloc(FIRST_SIZE)) != NULL)
        p->output_capacity = FIRST_SIZE;
    p->output_length = 0;
    p->frame_start = NO_FRAME;
    if (p->output == NULL)
        raise_no_memory(t);
    return p->output != NULL;
}

char *output_grow(Thread *t, Pickler *p, size_t n) {
    bool open = p->framing && p->frame_start == NO_FRAME;
    size_t needed = p->output_length + n + (open ? FRAME_HEADER_SIZE : 0);
    if (needed > p->output_capacity) {
        char *larger = n < INT64_MAX / 4 ? realloc(p->output, needed + needed / 2) : NULL;
        if (larger == NULL) {
            raise_no_memory(t);
            return NULL;
        }
        p->output = larger;
        p->output_capacity = needed + needed / 2;
    }
    if (open) {
        p->frame_start = p->output_length;
        p->output_length += FRAME_HEADER_SIZE;
    }
    char *at = p->output + p->output_length;
    p->output_length += n;
    return at;
}

bool output_end_frame(Thread *t, Pickler *p) {
    if (!p->framing || p->frame_start == NO_FRAME)
        return true;
    char *frame = p->output + p->frame_start;
    size_t size = p->output_length - p->frame_start - FRAME_HEADER_SIZE;
    if (size >= FRAME_SIZE_MIN) {
        frame[0] = (char)OP_FRAME;
        put_le64(frame + 1, size);
    } else {
        memmove(frame, frame + FRAME_HEADER_SIZE, size);
        p->output_length -= FRAME_HEADER_SIZE;
    }
    p->frame_start = NO_FRAME;
    return true;
}

bool output_flush(Thread *t, Pickler *p) {
    if (p->output_length == 0)
        return true;
    Value data = output_take(t, p);
    return present(data) && present(call_1(t, p->file_write, data));
}

bool output_frame_boundary(Thread *t, Pickler *p) {
    if (likely(!p->framing || p->frame_start == NO_FRAME ||
               p->output_length - p->frame_start - FRAME_HEADER_SIZE < FRAME_SIZE_TARGET))
        return true;
    return output_end_frame(t, p) && (absent(p->file_write) || output_flush(t, p));
}

Value output_take(Thread *t, Pickler *p) {
    Value taken = bytes_new(t, p->output, p->output_length);
    p->output_length = 0;
    return taken;
}

void output_free(Pickler *p) {
    free(p->output);
    p->output = NULL;
    p->output_capacity = p->output_length = 0;
}

bool output_write_large(Thread *t, Pickler *p, const char *header, size_t header_size, const char *data, size_t size,
                        Value whole) {
    if (size < FRAME_SIZE_TARGET)
        return write_bytes(t, p, header, header_size) && write_bytes(t, p, data, size);
    bool framing = p->framing, ok;
    if (!output_end_frame(t, p))
        return false;
    p->framing = false;
    ok = write_bytes(t, p, header, header_size);
    if (ok && present(p->file_write)) {
        if (absent(whole))
            whole = bytes_new(t, data, size);
        ok = present(whole) && output_flush(t, p) && present(call_1(t, p->file_write, whole));
    } else if (ok)
        ok = write_bytes(t, p, data, size);
    p->framing = framing;
    return ok;
}
