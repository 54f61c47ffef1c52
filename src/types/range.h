/* range: an arithmetic progression of ints of any size, immutable; and its two iterators. */
#pragma once
#include "object/object.h"

typedef struct RangeObject {
    Object object;
    Value start, stop, step, length; /* ints, exactly */
} RangeObject;

/* The iterator of a range whose bounds and step are small ints. The interpreter steps it inline, if it is its owner:
 * types/iterator.h. */
typedef struct RangeIterator {
    Object object;
    int64_t next, step, remaining;
    Thread *owner;
} RangeIterator;

extern Type range_type, range_iterator_type, long_range_iterator_type;

Value range_new(Thread *t, Value start, Value stop, Value step); /* ints, exactly; ValueError if step is 0 */
