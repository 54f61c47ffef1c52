/* bytes: immutable, inline. A zero byte follows the last. hash: -1 until computed (idempotent). */
#pragma once
#include "object/object.h"

typedef struct BytesObject {
    Object object;
    int64_t hash;
    size_t length;
    char data[];
} BytesObject;

extern Type bytes_type, bytearray_type, bytes_iterator_type, bytearray_iterator_type;
void bytes_static_set_shape(uint32_t shape); /* gives the static objects the shape of bytes: once */
static inline BytesObject *as_bytes(Value v) { return (BytesObject *)v.bits; }
Value bytes_new(Thread *t, const char *data, size_t length); /* data NULL: uninitialised, to be filled at once */
Value bytes_from_text(Thread *t, const char *text);
int64_t bytes_hash(Thread *t, Value v);
extern Value empty_bytes;

/* bytearray: `data` is a cell (ByteStorage) replaced when it grows; writers hold the object's lock; resizing is
 * refused while exports > 0 (BufferError), after a collection and a retry. */
typedef struct ByteStorage {
    Object object;
    size_t capacity;
    char data[];
} ByteStorage;
typedef struct ByteArrayObject {
    Object object;
    ByteStorage *storage;
    size_t start, length; /* the contents are storage->data[start, start+length) */
    uint32_t exports;
} ByteArrayObject;
Value bytearray_new(Thread *t, const char *data, size_t length);
int bytearray_byte_at(Value array, size_t i); /* -1: out of range */
Value bytearray_copy(Thread *t, Value array); /* an exact bytearray */
