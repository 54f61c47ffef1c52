/* Where the pickler writes: a bytes object that grows, cut into frames from protocol 4 on.
 *
 * An open frame starts with room for its header, which is filled in when the frame ends. With a file, full frames go
 * there at once; without, the object that was filled becomes the result.
 */
#include "base/byte_order.h"
#include "modules/_pickle/pickle.h"

enum { FIRST_SIZE = 4096 };

bool output_start(Thread *t, Pickler *p) {
    Value output = bytes_new(t, NULL, FIRST_SIZE);
    if (absent(output))
        return false;
    store(p, (Value *)&p->output, output);
    p->output_length = 0;
    p->frame_start = NO_FRAME;
    return true;
}

char *output_grow(Thread *t, Pickler *p, size_t n) {
    bool open = p->framing && p->frame_start == NO_FRAME;
    size_t needed = p->output_length + n + (open ? FRAME_HEADER_SIZE : 0);
    if (n > INT64_MAX / 4) {
        raise_no_memory(t);
        return NULL;
    }
    if (needed > p->output->length) {
        Value larger = bytes_new(t, NULL, needed + needed / 2);
        if (absent(larger))
            return NULL;
        memcpy(as_bytes(larger)->data, p->output->data, p->output_length);
        store(p, (Value *)&p->output, larger);
    }
    if (open) {
        p->frame_start = p->output_length;
        p->output_length += FRAME_HEADER_SIZE;
    }
    char *at = p->output->data + p->output_length;
    p->output_length += n;
    return at;
}

bool output_end_frame(Thread *t, Pickler *p) {
    if (!p->framing || p->frame_start == NO_FRAME)
        return true;
    char *frame = p->output->data + p->frame_start;
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
    return present(data) && output_start(t, p) && present(call_1(t, p->file_write, data));
}

bool output_frame_boundary(Thread *t, Pickler *p) {
    if (likely(!p->framing || p->frame_start == NO_FRAME ||
               p->output_length - p->frame_start - FRAME_HEADER_SIZE < FRAME_SIZE_TARGET))
        return true;
    return output_end_frame(t, p) && (absent(p->file_write) || output_flush(t, p));
}

/* The object that was filled, unless much of it is empty. */
Value output_take(Thread *t, Pickler *p) {
    BytesObject *filled = p->output;
    size_t length = p->output_length;
    p->output = NULL; /* NOBARRIER: a reference is removed */
    if (filled->length - length > length / 8)
        return bytes_new(t, filled->data, length);
    filled->length = length;
    filled->data[length] = 0;
    return from_object(filled);
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
