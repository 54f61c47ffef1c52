// Decimal text to the nearest double; double_parse() of dtoa.h.
//
// Up to 19 digits: Clinger's exact cases, then the product with a 128-bit power of ten (Lemire, "Number Parsing at
// a Gigabyte per Second", 2021; Mushtak and Lemire, "Fast Number Parsing Without Fallback", 2023). More digits: the
// same for the truncated number and its successor, and where those differ an exact comparison of the decimal with
// the point half way between the two doubles.

#include "base/bignum.h"
#include "base/dtoa.h"
#include "base/powers_of_ten.h"

#include <math.h>

enum {
    FRACTION_BITS = 52,
    MAX_WORD_DIGITS = 19,
    // One digit more than the longest exact midpoint between two doubles has: what follows can only break a tie.
    MAX_EXACT_DIGITS = 769,
};

// Digits of the input that count: without leading zeros, the point skipped over.
typedef struct Digits {
    const char *start, *end;
    int64_t exponent;    // of the last digit
    int64_t count;
    uint64_t word;       // the first 19 digits
    int word_digits;
} Digits;

static double from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// The bits of the double nearest to word * 10**exponent.
static uint64_t round_word(uint64_t word, int64_t exponent) {
    if (word == 0 || exponent < POWER_OF_TEN_MIN) return 0;
    if (exponent > 308) return UINT64_C(0x7ff) << FRACTION_BITS;
    int leading = __builtin_clzll(word);
    word <<= leading;
    PowerOfTen power = powers_of_ten[exponent - POWER_OF_TEN_MIN];
    if (exponent < 0) power.high += ++power.low == 0;    // the method wants reciprocals rounded up
    Wide product = (Wide)word * power.high;
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    if ((high & 0x1ff) == 0x1ff) {
        uint64_t more = (uint64_t)((Wide)word * power.low >> 64);
        low += more;
        high += low < more;
    }
    int upper = (int)(high >> 63), drop = upper + 64 - FRACTION_BITS - 3;
    uint64_t mantissa = high >> drop;
    int64_t biased = (((152170 + 65536) * exponent) >> 16) + 63 + upper - leading + 1023;
    if (biased <= 0) {    // subnormal
        if (1 - biased >= 64) return 0;
        mantissa >>= 1 - biased;
        mantissa += mantissa & 1;
        mantissa >>= 1;
        return mantissa;    // reaching 2**52 makes the exponent field 1, as it should
    }
    // Exactly half way: only possible for these exponents.
    if (low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 && mantissa << drop == high)
        mantissa &= ~UINT64_C(1);
    mantissa += mantissa & 1;
    mantissa >>= 1;
    if (mantissa >> (FRACTION_BITS + 1)) {
        mantissa >>= 1;
        biased++;
    }
    if (biased >= 0x7ff) return UINT64_C(0x7ff) << FRACTION_BITS;
    return (mantissa & ((UINT64_C(1) << FRACTION_BITS) - 1)) | (uint64_t)biased << FRACTION_BITS;
}

// The sign of (the decimal - the midpoint between the double with these bits and the next larger one).
static int compare_with_midpoint(const Digits *d, uint64_t bits) {
    Big decimal;
    big_set(&decimal, 0);
    int64_t exponent = d->exponent, used = 0;
    for (const char *p = d->start; p < d->end; p++) {
        if (*p == '.') continue;
        if (used == MAX_EXACT_DIGITS) {
            // Whatever is left is worth at most a tie-breaker.
            exponent += d->count - used;
            bool rest = false;
            for (; p < d->end && !rest; p++) rest = *p != '0' && *p != '.';
            if (rest) {
                big_mul_add(&decimal, 10, 1);
                exponent--;
            }
            break;
        }
        big_mul_add(&decimal, 10, (uint64_t)(*p - '0'));
        used++;
    }
    uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    int field = (int)(bits >> FRACTION_BITS);
    uint64_t mantissa = field ? fraction | UINT64_C(1) << FRACTION_BITS : fraction;
    int64_t binary = (field ? field : 1) - 1075 - 1;
    Big middle;
    big_set(&middle, 2 * mantissa + 1);
    // decimal * 10**exponent against middle * 2**binary: fives to one side, the difference of the twos to one side.
    if (exponent >= 0)
        big_mul_pow5(&decimal, (unsigned)exponent);
    else
        big_mul_pow5(&middle, (unsigned)-exponent);
    int64_t twos = exponent - binary;
    if (twos >= 0)
        big_shift(&decimal, (unsigned)twos);
    else
        big_shift(&middle, (unsigned)-twos);
    return big_compare(&decimal, &middle);
}

static uint64_t round_digits(const Digits *d) {
    static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int64_t exponent = d->exponent + (d->count - d->word_digits);
    if (d->count == d->word_digits) {
        if (d->word >> 53 == 0 && exponent >= -22 && exponent <= 22) {
            double value = (double)d->word;
            value = exponent < 0 ? value / exact[-exponent] : value * exact[exponent];
            uint64_t bits;
            memcpy(&bits, &value, sizeof bits);
            return bits;
        }
        return round_word(d->word, exponent);
    }
    uint64_t below = round_word(d->word, exponent), above = round_word(d->word + 1, exponent);
    if (below == above) return below;
    int order = compare_with_midpoint(d, below);
    return order > 0 || (order == 0 && (below & 1)) ? above : below;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Reads "digits[.digits]" or ".digits"; the end, or NULL when there is no digit.
static const char *scan_digits(const char *p, const char *end, Digits *d) {
    const char *first = NULL, *last_digit_end = p;
    int64_t behind_point = 0;
    bool any = false, point = false;
    for (; p < end; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*p)) break;
        any = true;
        behind_point += point;
        if (!first) {
            if (*p == '0') continue;
            first = p;
        }
        d->count++;
        if (d->word_digits < MAX_WORD_DIGITS) {
            d->word = d->word * 10 + (uint64_t)(*p - '0');
            d->word_digits++;
        }
        last_digit_end = p + 1;
    }
    d->start = first ? first : last_digit_end;
    d->end = last_digit_end;
    d->exponent = -behind_point;
    return any ? p : NULL;
}

static const char *scan_exponent(const char *p, const char *end, Digits *d) {
    const char *q = p;
    if (q == end || (*q != 'e' && *q != 'E')) return p;
    q++;
    bool negative = false;
    if (q < end && (*q == '+' || *q == '-')) negative = *q++ == '-';
    if (q == end || !is_digit(*q)) return p;
    int64_t exponent = 0;
    for (; q < end && is_digit(*q); q++)
        if (exponent < INT64_C(1) << 56) exponent = exponent * 10 + (*q - '0');
    d->exponent += negative ? -exponent : exponent;
    return q;
}

static size_t match_word(const char *p, const char *end, const char *word) {
    size_t n = strlen(word);
    if ((size_t)(end - p) < n) return 0;
    for (size_t i = 0; i < n; i++)
        if ((p[i] | 0x20) != word[i]) return 0;
    return n;
}

size_t double_parse(const char *s, size_t size, double *value) {
    const char *p = s, *end = s + size;
    bool negative = false;
    if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
    uint64_t sign = (uint64_t)negative << 63;
    size_t n;
    if ((n = match_word(p, end, "infinity")) || (n = match_word(p, end, "inf"))) {
        *value = negative ? -INFINITY : INFINITY;
        return (size_t)(p - s) + n;
    }
    if ((n = match_word(p, end, "nan"))) {
        *value = from_bits(UINT64_C(0x7ff8) << 48 | sign);
        return (size_t)(p - s) + n;
    }
    Digits d = {0};
    p = scan_digits(p, end, &d);
    if (!p) return 0;
    p = scan_exponent(p, end, &d);
    *value = from_bits(round_digits(&d) | sign);
    return (size_t)(p - s);
}
