/* slice: immutable triple. */
#pragma once
#include "object/object.h"

typedef struct SliceObject {
    Object object;
    Value start, stop, step;
} SliceObject;
extern Type slice_type;
Value slice_new(Thread *t, Value start, Value stop, Value step);
/* The bounds as they are, and then clamped to a length, which gives the count: for sequences that __index__ may change. */
bool slice_unpack(Thread *t, Value slice, int64_t *start, int64_t *stop, int64_t *step);
int64_t slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t *step);
/* Clamped to a sequence of the given length: item i (0 <= i < count) stands at start + i*step. */
bool slice_indices(Thread *t, Value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step, int64_t *count);
/* The same in ints of any size, as slice.indices(length) and slices of range need it; length >= 0. */
bool slice_big_indices(Thread *t, Value slice, Value length, Value *start, Value *stop, Value *step);
