/* Inline access to the two representations of an int, for the files of this folder.
 *
 * The limbs of an instance of a subclass stand behind the fixed part of that class's instances, which is
 * longer than IntObject's where the class has a __dict__ or __slots__: always ask int_limbs().
 */
#pragma once
#include "object/thread.h"
#include "types/int/int.h"

#include <gmp.h>
#include <stdlib.h>

static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NUMB_BITS == 64);

enum { INT_MAX_LIMBS_BITS = 40 }; /* more than 2^40 limbs: MemoryError without asking the heap */

static inline IntObject *as_int_object(Value v) { return (IntObject *)v.bits; }
static inline uint64_t *int_limbs(IntObject *o) { return (uint64_t *)((char *)o + o->object.type->instance_size); }

static inline uint64_t magnitude_of(int64_t i) { return i < 0 ? -(uint64_t)i : (uint64_t)i; }

static inline void view_int(Value v, IntView *view) {
    if (likely(is_small_int(v)) || as_object(v)->type == &bool_type) {
        int64_t i = is_small_int(v) ? small_int_value(v) : same(v, TRUE);
        view->small = magnitude_of(i);
        view->negative = i < 0;
        view->count = i != 0;
        view->limbs = &view->small;
        return;
    }
    IntObject *o = as_int_object(v);
    view->negative = o->size < 0;
    view->count = magnitude_of(o->size);
    view->limbs = int_limbs(o);
}

/* The value of a small int, a bool, or a small instance of a subclass. */
static inline bool small_value(Value v, int64_t *out) {
    if (likely(is_small_int(v))) {
        *out = small_int_value(v);
        return true;
    }
    return int_to_i64(v, out);
}

/* An int to be filled in: count limbs, which may hold anything, to be given to int_finish. NULL: MemoryError. */
IntObject *int_allocate(Thread *t, size_t count);
IntObject *int_allocate_zeroed(Thread *t, size_t count);

/* GMP ends the process when it gets no memory for what it needs on the side. Whether work on `count` limbs in all may
 * begin; false: MemoryError pending. */
bool int_work_room(Thread *t, size_t count);
/* Drops leading zeros, and the object itself where the value fits the word. */
Value int_finish(IntObject *o, size_t count, bool negative);

static inline size_t stripped(const uint64_t *limbs, size_t count) {
    while (count && limbs[count - 1] == 0)
        count--;
    return count;
}

static inline uint64_t view_bit_length(const IntView *v) {
    return v->count ? v->count * 64 - (uint64_t)__builtin_clzll(v->limbs[v->count - 1]) : 0;
}
