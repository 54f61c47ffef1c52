// Fixed-capacity natural numbers for the exact paths of dtoa.c and strtod.c.
//
// Invariants: limbs are least significant first, limb[count - 1] != 0, zero has count 0.
// No operation here can exceed the capacity for what those two files compute (at most 2,700 bits, see there).
#pragma once

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum { BIG_LIMBS = 64 };

typedef struct Big {
    unsigned count;
    uint64_t limb[BIG_LIMBS];
} Big;

typedef unsigned __int128 Wide;

static inline void big_set(Big *a, uint64_t value) {
    a->count = value != 0;
    a->limb[0] = value;
}

// a = a * factor + addend
static inline void big_mul_add(Big *a, uint64_t factor, uint64_t addend) {
    uint64_t carry = addend;
    for (unsigned i = 0; i < a->count; i++) {
        Wide product = (Wide)a->limb[i] * factor + carry;
        a->limb[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    if (carry) {
        assert(a->count < BIG_LIMBS);
        a->limb[a->count++] = carry;
    }
}

// a = a * 5**power
static inline void big_mul_pow5(Big *a, unsigned power) {
    static const uint64_t pow5_27 = UINT64_C(7450580596923828125);
    for (; power >= 27; power -= 27) big_mul_add(a, pow5_27, 0);
    uint64_t rest = 1;
    for (; power; power--) rest *= 5;
    big_mul_add(a, rest, 0);
}

// a = a << bits
static inline void big_shift(Big *a, unsigned bits) {
    unsigned limbs = bits / 64;
    bits %= 64;
    if (a->count == 0) return;
    assert(a->count + limbs + 1 <= BIG_LIMBS);
    if (limbs) {
        memmove(a->limb + limbs, a->limb, a->count * sizeof *a->limb);
        memset(a->limb, 0, limbs * sizeof *a->limb);
        a->count += limbs;
    }
    if (bits) {
        uint64_t carry = 0;
        for (unsigned i = limbs; i < a->count; i++) {
            uint64_t limb = a->limb[i];
            a->limb[i] = limb << bits | carry;
            carry = limb >> (64 - bits);
        }
        if (carry) a->limb[a->count++] = carry;
    }
}

// a = a / divisor; returns the remainder.
static inline uint64_t big_div(Big *a, uint64_t divisor) {
    uint64_t rest = 0;
    for (unsigned i = a->count; i-- > 0;) {
        Wide part = (Wide)rest << 64 | a->limb[i];
        a->limb[i] = (uint64_t)(part / divisor);
        rest = (uint64_t)(part % divisor);
    }
    while (a->count && a->limb[a->count - 1] == 0) a->count--;
    return rest;
}

static inline int big_compare(const Big *a, const Big *b) {
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    for (unsigned i = a->count; i-- > 0;)
        if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}
