/* The iterator of bytes and bytearray, open to loops. */
#pragma once
#include "types/bytes.h"
#include "types/iterator.h"

typedef struct BytesIterator {
    Object object;
    Value bytes; /* absent when exhausted */
    size_t index;
    Thread *owner; /* types/iterator.h */
} BytesIterator;

/* The next byte, for one over bytes; absent: not known, or the end. */
static inline Value bytes_iterator_step(Thread *t, BytesIterator *i) {
    Value bytes = load(&i->bytes);
    size_t index = load_relaxed(&i->index);
    if (unlikely(absent(bytes) || !step_is_own(t, &i->owner) || index >= as_bytes(bytes)->length))
        return NO_VALUE;
    store_relaxed(&i->index, index + 1);
    return small_int((uint8_t)as_bytes(bytes)->data[index]);
}
