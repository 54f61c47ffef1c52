/* int: making, reading, comparing and hashing, whatever the representation.
 *
 * Invariant: a value of exactly type int that fits 63 bits is a small int, never a cell (see int.h).
 * Threads: ints are immutable; nothing here is shared.
 */
#include "types/int/int_layout.h"

#include "base/hash.h"

#include <string.h>

void int_view(Value v, IntView *view) { view_int(v, view); }

IntObject *int_allocate(Thread *t, size_t count) {
    if (unlikely(count >> INT_MAX_LIMBS_BITS)) {
        raise_no_memory(t);
        return NULL;
    }
    IntObject *o = heap_allocate_leaf(t, &int_type, sizeof *o + count * sizeof(uint64_t));
    if (likely(o != NULL))
        o->size = 0;
    return o;
}

IntObject *int_allocate_zeroed(Thread *t, size_t count) {
    IntObject *o = int_allocate(t, count);
    if (likely(o != NULL))
        memset(o->limbs, 0, count * sizeof(uint64_t));
    return o;
}

/* Six times the operands is more than any of GMP's functions was seen to take; the little that it takes for small
 * operands comes from the C stack. */
bool int_work_room(Thread *t, size_t count) {
    const size_t on_stack = 2048, factor = 6;
    if (likely(count <= on_stack))
        return true;
    void *probe = count > SIZE_MAX / sizeof(uint64_t) / factor ? NULL : malloc(count * sizeof(uint64_t) * factor);
    __asm__ volatile("" : "+r"(probe)); /* the optimiser would otherwise drop the pair, since nobody uses the memory */
    if (probe == NULL)
        raise_no_memory(t);
    free(probe);
    return probe != NULL;
}

static bool fits_word(const uint64_t *limbs, size_t count, bool negative, int64_t *out) {
    if (count == 0) {
        *out = 0;
        return true;
    }
    const uint64_t bound = UINT64_C(1) << 62; /* as a negative number it still fits */
    if (count > 1 || limbs[0] > bound || (limbs[0] == bound && !negative))
        return false;
    *out = negative ? -(int64_t)limbs[0] : (int64_t)limbs[0];
    return true;
}

Value int_finish(IntObject *o, size_t count, bool negative) {
    int64_t small;
    count = stripped(o->limbs, count);
    if (fits_word(o->limbs, count, negative, &small))
        return small_int(small);
    o->size = negative ? -(int64_t)count : (int64_t)count;
    return from_object(o);
}

Value int_from_limbs(Thread *t, const uint64_t *limbs, size_t count, bool negative) {
    int64_t small;
    count = stripped(limbs, count);
    if (fits_word(limbs, count, negative, &small))
        return small_int(small);
    IntObject *o = int_allocate(t, count);
    if (o == NULL)
        return NO_VALUE;
    memcpy(o->limbs, limbs, count * sizeof *limbs);
    o->size = negative ? -(int64_t)count : (int64_t)count;
    return from_object(o);
}

Value int_new(Thread *t, int64_t i) {
    if (likely(fits_small_int(i)))
        return small_int(i);
    uint64_t magnitude = magnitude_of(i);
    return int_from_limbs(t, &magnitude, 1, i < 0);
}

Value int_from_unsigned(Thread *t, uint64_t u) {
    return likely(u >> 62 == 0) ? small_int((int64_t)u) : int_from_limbs(t, &u, 1, false);
}

Value int_from_double(Thread *t, double d) {
    if (isnan(d))
        return raise_value_error(t, "cannot convert float NaN to integer");
    if (isinf(d))
        return raise_overflow_error(t, "cannot convert float infinity to integer");
    if (fabs(d) < 0x1p62)
        return small_int((int64_t)d);
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(d), &exponent), 53);
    size_t shift = (size_t)exponent - 53; /* at least 10 */
    uint64_t limbs[18] = {0};
    limbs[shift / 64] = mantissa << shift % 64;
    if (shift % 64)
        limbs[shift / 64 + 1] = mantissa >> (64 - shift % 64);
    return int_from_limbs(t, limbs, shift / 64 + 2, d < 0);
}

bool int_to_i64(Value v, int64_t *out) {
    if (likely(is_small_int(v))) {
        *out = small_int_value(v);
        return true;
    }
    IntView view;
    view_int(v, &view);
    if (view.count > 1)
        return false;
    uint64_t magnitude = view.count ? view.limbs[0] : 0;
    if (magnitude > (uint64_t)INT64_MAX + view.negative)
        return false;
    *out = (int64_t)(view.negative ? -magnitude : magnitude);
    return true;
}

bool int_to_u64(Value v, uint64_t *out) {
    IntView view;
    view_int(v, &view);
    if (view.count > 1 || view.negative)
        return false;
    *out = view.count ? view.limbs[0] : 0;
    return true;
}

bool int_as_i64(Thread *t, Value v, int64_t *out) {
    if (likely(int_to_i64(v, out)))
        return true;
    raise_overflow_error(t, "Python int too large to convert to C long");
    return false;
}

uint64_t int_mask_u64(Value v) {
    IntView view;
    view_int(v, &view);
    uint64_t low = view.count ? view.limbs[0] : 0;
    return view.negative ? -low : low;
}

int int_sign(Value v) {
    IntView view;
    view_int(v, &view);
    return view.count == 0 ? 0 : view.negative ? -1 : 1;
}

uint64_t int_bit_length(Value v) {
    IntView view;
    view_int(v, &view);
    return view_bit_length(&view);
}

bool int_is_one_bit(Value v) {
    IntView view;
    view_int(v, &view);
    if (view.count == 0 || view.negative)
        return false;
    for (size_t i = 0; i + 1 < view.count; i++)
        if (view.limbs[i])
            return false;
    return __builtin_popcountll(view.limbs[view.count - 1]) == 1;
}

/* The 64 most significant bits with all lower ones ored into the last: rounding that to a double rounds the
 * whole number, since a double has fewer than 63 bits. */
bool int_as_double(Thread *t, Value v, double *out) {
    if (likely(is_small_int(v))) {
        *out = (double)small_int_value(v);
        return true;
    }
    IntView view;
    view_int(v, &view);
    double d = 0;
    if (view.count == 1) {
        d = (double)view.limbs[0];
    } else if (view.count > 17) {
        d = INFINITY;
    } else if (view.count > 1) {
        uint64_t high = view.limbs[view.count - 1], low = view.limbs[view.count - 2];
        int shift = __builtin_clzll(high);
        uint64_t top = shift ? high << shift | low >> (64 - shift) : high;
        bool rest = shift ? (low << shift) != 0 : low != 0;
        for (size_t i = 0; i + 2 < view.count; i++)
            rest |= view.limbs[i] != 0;
        d = ldexp((double)(top | rest), (int)(view.count - 1) * 64 - shift);
    }
    if (isinf(d)) {
        raise_overflow_error(t, "int too large to convert to float");
        return false;
    }
    *out = view.negative ? -d : d;
    return true;
}

int int_compare(Value a, Value b) {
    if (likely(is_small_int(a) && is_small_int(b)))
        return ((int64_t)a.bits > (int64_t)b.bits) - ((int64_t)a.bits < (int64_t)b.bits);
    IntView x, y;
    view_int(a, &x);
    view_int(b, &y);
    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    int order = x.count != y.count ? (x.count < y.count ? -1 : 1)
                : x.count == 0    ? 0
                                  : mpn_cmp(x.limbs, y.limbs, (mp_size_t)x.count);
    order = (order > 0) - (order < 0);
    return x.negative ? -order : order;
}

bool int_equal(Value a, Value b) { return int_compare(a, b) == 0; }

int64_t int_hash(Value v) {
    if (likely(is_small_int(v)))
        return hash_int64(small_int_value(v));
    IntView view;
    view_int(v, &view);
    return hash_limbs(view.limbs, view.count, view.negative);
}
