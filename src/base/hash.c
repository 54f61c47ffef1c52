// Hash functions; see hash.h.
//
// SipHash: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), with one compression
// and three finalisation rounds.

#include "base/hash.h"

#include <math.h>
#include <string.h>

static inline uint64_t rotate_left(uint64_t x, int bits) {
    return x << bits | x >> (64 - bits);
}

static inline uint64_t load_little(const unsigned char *p) {
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    return x;
}

static inline int64_t avoid_error_value(int64_t hash) {
    return hash == -1 ? -2 : hash;
}

HashKey hash_key_from_bytes(const unsigned char bytes[16]) {
    return (HashKey){load_little(bytes), load_little(bytes + 8)};
}

HashKey hash_key_from_seed(uint32_t seed) {
    unsigned char bytes[16] = {0};
    if (seed) {
        // The linear congruential generator that fills CPython's secret from the environment variable.
        uint32_t x = seed;
        for (int i = 0; i < 16; i++) {
            x = x * 214013 + 2531011;
            bytes[i] = (unsigned char)(x >> 16);
        }
    }
    return hash_key_from_bytes(bytes);
}

typedef struct Sip {
    uint64_t v0, v1, v2, v3;
} Sip;

static inline void sip_round(Sip *s) {
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate_left(s->v1, 13) ^ s->v0;
    s->v3 = rotate_left(s->v3, 16) ^ s->v2;
    s->v0 = rotate_left(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate_left(s->v1, 17) ^ s->v2;
    s->v3 = rotate_left(s->v3, 21) ^ s->v0;
    s->v2 = rotate_left(s->v2, 32);
}

static inline uint64_t load_tail(const unsigned char *p, size_t size) {
    uint64_t x = 0;
    for (size_t i = 0; i < size; i++) x |= (uint64_t)p[i] << (8 * i);
    return x;
}

uint64_t siphash13(HashKey key, const void *data, size_t size) {
    const unsigned char *p = data;
    Sip s = {
        key.k0 ^ UINT64_C(0x736f6d6570736575),
        key.k1 ^ UINT64_C(0x646f72616e646f6d),
        key.k0 ^ UINT64_C(0x6c7967656e657261),
        key.k1 ^ UINT64_C(0x7465646279746573),
    };
    uint64_t last = (uint64_t)size << 56;
    for (; size >= 8; size -= 8, p += 8) {
        uint64_t word = load_little(p);
        s.v3 ^= word;
        sip_round(&s);
        s.v0 ^= word;
    }
    last |= load_tail(p, size);
    s.v3 ^= last;
    sip_round(&s);
    s.v0 ^= last;
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

int64_t hash_bytes(HashKey key, const void *data, size_t size) {
    if (size == 0) return 0;
    return avoid_error_value((int64_t)siphash13(key, data, size));
}

int64_t hash_pointer(const void *p) {
    // Objects are aligned: the low four bits carry nothing, so they go to the far end.
    return avoid_error_value((int64_t)rotate_left((uint64_t)(uintptr_t)p, 60));
}

int64_t hash_int64(int64_t value) {
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    int64_t residue = (int64_t)(magnitude % HASH_MODULUS);
    return avoid_error_value(value < 0 ? -residue : residue);
}

// x * 2**shift modulo 2**61 - 1, for x below the modulus: a rotation of 61 bits.
static inline uint64_t shift_modular(uint64_t x, int shift) {
    return ((x << shift) & HASH_MODULUS) | x >> (HASH_BITS - shift);
}

int64_t hash_limbs(const uint64_t *limbs, size_t count, int negative) {
    uint64_t residue = 0;
    for (size_t i = count; i-- > 0;) {
        residue = shift_modular(residue, 64 - HASH_BITS) + limbs[i] % HASH_MODULUS;
        if (residue >= HASH_MODULUS) residue -= HASH_MODULUS;
    }
    return avoid_error_value(negative ? -(int64_t)residue : (int64_t)residue);
}

int64_t hash_double(double value) {
    if (isinf(value)) return value > 0 ? HASH_INFINITY : -HASH_INFINITY;
    int exponent;
    double rest = frexp(fabs(value), &exponent);
    uint64_t residue = 0;
    while (rest != 0.0) {
        // 28 bits at a time keep every step exact.
        residue = shift_modular(residue, 28);
        rest *= 268435456.0;
        exponent -= 28;
        uint64_t piece = (uint64_t)rest;
        rest -= (double)piece;
        residue += piece;
        if (residue >= HASH_MODULUS) residue -= HASH_MODULUS;
    }
    // 2**61 is 1 modulo the modulus, so the exponent counts modulo 61.
    int shift = exponent >= 0 ? exponent % HASH_BITS : HASH_BITS - 1 - (-1 - exponent) % HASH_BITS;
    residue = shift_modular(residue, shift);
    return avoid_error_value(value < 0 ? -(int64_t)residue : (int64_t)residue);
}
