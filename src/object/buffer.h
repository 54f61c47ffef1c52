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
bool buffer_is_released_in_python(Value o); /* its class has a __release_buffer__ that is no native one */

/* The flags that __buffer__ methods get (inspect.BufferFlags). */
enum {
    BUFFER_WRITABLE = 1,
    BUFFER_FORMAT = 4,
    BUFFER_ND = 8,
    BUFFER_STRIDES = 0x10 | BUFFER_ND,
    BUFFER_C_CONTIGUOUS = 0x20 | BUFFER_STRIDES,
    BUFFER_F_CONTIGUOUS = 0x40 | BUFFER_STRIDES,
    BUFFER_ANY_CONTIGUOUS = 0x80 | BUFFER_STRIDES,
    BUFFER_INDIRECT = 0x100 | BUFFER_STRIDES,
    BUFFER_FULL_RO = BUFFER_INDIRECT | BUFFER_FORMAT,
    BUFFER_FULL = BUFFER_FULL_RO | BUFFER_WRITABLE,
};

/* memcpy for memory that others may write, or read, at the same moment. */
#if __has_feature(thread_sanitizer)
void copy_shared(void *to, const void *from, size_t size);
#else
/* The C library's moves each byte once; nobody is promised more of an exported buffer. The language has no name for that. */
static inline void copy_shared(void *to, const void *from, size_t size) { memcpy(to, from, size); }
#endif
/* Stores one item: as a whole if it is aligned. */
void store_item(char *to, const char *item, size_t size);
void load_item(char *item, const char *from, size_t size);

/* For exporters: a plain run of bytes. */
void buffer_fill(Buffer *out, Value owner, char *data, size_t length, bool read_only);
bool buffer_is_contiguous(const Buffer *b, char order); /* 'C', 'F' or 'A': either */
size_t buffer_item_count(const Buffer *b);
/* Copies the items in the given order to `to`, which has room for b->length bytes. */
void buffer_copy_out(const Buffer *b, char *to, char order);

/* The rows of exporters: "__buffer__(self, flags, /)" and "__release_buffer__(self, buffer, /)". */
Value buffer_method_get(Thread *t, Value *args);
Value buffer_method_release(Thread *t, Value *args);
