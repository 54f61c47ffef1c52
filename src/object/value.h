/* The encodings of a Value (64-bit machines).
 *
 *   ...1    small int: 63 bits, the word shifted right arithmetically
 *   ...10   float: magnitude in about 1e-77..1e77, or 0.0; sign and exponent rotated into the low bits
 *   ...000  pointer to an Object, 16-byte aligned
 *   0       no value: a pending exception as a result, unbound in a register, empty in a container
 */
#pragma once
#include "heap/heap.h"

#include <math.h>
#include <string.h>

#define NO_VALUE ((Value){0})

static inline bool absent(Value v) { return v.bits == 0; }
static inline bool present(Value v) { return v.bits != 0; }
static inline bool same(Value a, Value b) { return a.bits == b.bits; } /* `is`, except for two equal floats */

static inline bool is_small_int(Value v) { return v.bits & 1; }
static inline bool is_immediate_float(Value v) { return (v.bits & 3) == 2; }
static inline bool is_object(Value v) { return (v.bits & 3) == 0 && v.bits != 0; }

static inline Object *as_object(Value v) { return (Object *)v.bits; }
static inline Value from_object(const void *o) { return (Value){(uintptr_t)o}; }

static inline int64_t small_int_value(Value v) { return (int64_t)v.bits >> 1; }
static inline Value small_int(int64_t i) { return (Value){(uint64_t)i << 1 | 1}; } /* must fit 63 bits */
static inline bool fits_small_int(int64_t i) { return i >= -(INT64_C(1) << 62) && i < (INT64_C(1) << 62); }

static inline uint64_t rotate_left(uint64_t x, int n) { return x << n | x >> (64 - n); }

/* The word of a float with a large or tiny exponent has another tag: it lives in a cell (FloatObject).
 * The bit patterns 2 and 6 stand for 0.0 and -0.0, at the cost of two powers of two that live in cells. */
static inline Value immediate_float_or_absent(double d) {
    uint64_t bits;
    memcpy(&bits, &d, 8);
    if (unlikely((bits << 1) == 0))
        return (Value){2 | (bits >> 63) << 2};
    uint64_t word = rotate_left(bits + (UINT64_C(1) << 60), 3);
    if (unlikely((word & 3) != 2 || word <= 6))
        return NO_VALUE;
    return (Value){word};
}

static inline double immediate_float_value(Value v) {
    uint64_t bits = rotate_left(v.bits, 61);
    bits = likely(v.bits > 6) ? bits - (UINT64_C(1) << 60) : bits & UINT64_C(1) << 63;
    double d;
    memcpy(&d, &bits, 8);
    return d;
}

/* Early return on failure, for functions that return Value. TRY(x) is x, or returns when x is absent.
 * CHECK(ok) returns when a function that returns bool failed. */
#define TRY(x)                       \
    ({                               \
        Value try_ = (x);            \
        if (unlikely(absent(try_)))  \
            return NO_VALUE;         \
        try_;                        \
    })
#define CHECK(ok)              \
    do {                       \
        if (unlikely(!(ok)))   \
            return NO_VALUE;   \
    } while (0)
