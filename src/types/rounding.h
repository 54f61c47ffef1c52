/* Correct rounding to double of a number given as mantissa and exponent. */
#pragma once
#include <math.h>
#include <stdint.h>

/* mantissa * 2^exponent, of which the last bit stands for everything below it, rounded half to even; infinity
 * when it is too large. */
static inline double round_to_double(uint64_t mantissa, int64_t exponent) {
    if (mantissa == 0)
        return 0.0;
    int64_t bits = 64 - __builtin_clzll(mantissa);
    int64_t extra = bits - 53;
    if (extra < -1074 - exponent)
        extra = -1074 - exponent; /* a subnormal result has fewer bits */
    if (extra > 0) {
        if (extra > 63)
            return 0.0;
        uint64_t half = UINT64_C(1) << (extra - 1), rest = mantissa & (2 * half - 1);
        mantissa >>= extra;
        mantissa += rest > half || (rest == half && (mantissa & 1));
        exponent += extra;
    }
    return exponent > 2000 ? INFINITY : ldexp((double)mantissa, (int)exponent);
}
