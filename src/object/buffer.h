/* The buffer protocol in C: a view of an object's memory.
 *
 * A type that exports sets Type.buffer. buffer_get fills the view and counts the export where the exporter cares;
 * every successful buffer_get is paired with buffer_release. Python classes with __buffer__ are served too.
 */
#pragma once
#include "object/object.h"

typedef struct Buffer {
    char *data;
    size_t length;     /* bytes */
    size_t item_size;
    const char *format; /* struct module syntax; NULL: "B" */
    int dimensions;
    int64_t *shape, *strides, *suboffsets; /* NULL: one-dimensional, contiguous */
    bool read_only;
    Value owner;       /* the object to release, absent when released */
    int64_t shape_1, stride_1; /* room for the one-dimensional case */
    void *internal;
} Buffer;

struct BufferProtocol {
    bool (*get)(Thread *t, Value self, Buffer *out, bool writable); /* false: BufferError pending */
    void (*release)(Thread *t, Value self, Buffer *b);              /* may be NULL */
};

/* TypeError "a bytes-like object is required, not 'X'" when the object has no buffer. */
[[nodiscard]] bool buffer_get(Thread *t, Value o, Buffer *out, bool writable);
[[nodiscard]] bool buffer_get_contiguous(Thread *t, Value o, Buffer *out, bool writable);
void buffer_release(Thread *t, Buffer *b);
bool has_buffer(Value o);
