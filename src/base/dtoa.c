// Doubles to decimal digits and text; see dtoa.h.
//
// Shortest digits: Giulietti, "The Schubfach way to render doubles" (2020). A given number of digits: one 128-bit
// division when scaling is exact in that width, which covers most of what programs print, otherwise the exact
// decimal expansion with bignum.h, rounded as text.

#include "base/dtoa.h"

#include "base/bignum.h"
#include "base/powers_of_ten.h"

#include <math.h>

// value = mantissa * 2**exponent
typedef struct Binary {
    uint64_t mantissa;
    int exponent;
    bool closer_below;    // the next smaller double is half as far as the next larger one
} Binary;

static Binary split(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    int field = (int)(bits >> 52 & 0x7ff);
    if (field == 0) return (Binary){fraction, -1074, false};
    return (Binary){fraction | UINT64_C(1) << 52, field - 1075, fraction == 0 && field > 1};
}

// floor(log10(2**e)) and floor(log2(10**e)), for the exponents of doubles.
static int floor_log10_pow2(int e) {
    return (int)(((int64_t)e * 1262611) >> 22);
}

static int floor_log10_three_quarters_pow2(int e) {
    return (int)(((int64_t)e * 1262611 - 524031) >> 22);
}

static int floor_log2_pow10(int e) {
    return (int)(((int64_t)e * 1741647) >> 19);
}

static int write_digits(char *to, uint64_t n) {
    char text[20];
    int i = 20;
    do {
        text[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    memcpy(to, text + i, (size_t)(20 - i));
    return 20 - i;
}

static void strip_zeros(DoubleDigits *d) {
    while (d->count && d->digits[d->count - 1] == '0') d->count--;
}

// digits = n * 10**exponent
static void set_digits(DoubleDigits *to, uint64_t n, int exponent) {
    to->count = n ? write_digits(to->digits, n) : 0;
    to->point = to->count + exponent;
    strip_zeros(to);
}

// The top 64 bits of factor * power / 2**128, the lowest bit also standing for everything dropped.
static uint64_t multiply_round_to_odd(PowerOfTen power, uint64_t factor) {
    Wide low = (Wide)power.low * factor;
    Wide high = (Wide)power.high * factor + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

void double_shortest(double value, DoubleDigits *to) {
    Binary b = split(value);
    uint64_t c = b.mantissa;
    if (c == 0) {
        to->count = 0;
        to->point = 0;
        return;
    }
    if (b.exponent <= 0 && b.exponent > -53 && (c & ((UINT64_C(1) << -b.exponent) - 1)) == 0) {
        set_digits(to, c >> -b.exponent, 0);
        return;
    }
    // Four times the value and the ends of its rounding interval, scaled by 10**-k into integers.
    bool exclusive = c & 1;
    int k = b.closer_below ? floor_log10_three_quarters_pow2(b.exponent) : floor_log10_pow2(b.exponent);
    int shift = b.exponent + floor_log2_pow10(-k) + 1;
    PowerOfTen power = powers_of_ten[-k - POWER_OF_TEN_MIN];
    if (-k < 0 || -k > 55) power.high += ++power.low == 0;    // the method wants it rounded up
    uint64_t lower = multiply_round_to_odd(power, (4 * c - 2 + b.closer_below) << shift) + exclusive;
    uint64_t middle = multiply_round_to_odd(power, 4 * c << shift);
    uint64_t upper = multiply_round_to_odd(power, (4 * c + 2) << shift) - exclusive;
    uint64_t s = middle / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool down = lower <= 40 * tens, up = 40 * tens + 40 <= upper;
        if (down != up) {
            set_digits(to, tens + up, k + 1);
            return;
        }
    }
    bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
    if (down != up) {
        set_digits(to, s + up, k);
        return;
    }
    uint64_t half = 4 * s + 2;
    bool round_up = middle > half || (middle == half && (s & 1));
    set_digits(to, s + round_up, k);
}

// The exact decimal expansion: all of its digits.
static void expand(Binary b, DoubleDigits *to) {
    Big n;
    big_set(&n, b.mantissa);
    int exponent = 0;
    if (b.exponent >= 0) {
        big_shift(&n, (unsigned)b.exponent);
    } else {
        // m / 2**e = m * 5**e / 10**e; factors of two in m first, to keep it short.
        int zeros = __builtin_ctzll(b.mantissa);
        if (zeros > -b.exponent) zeros = -b.exponent;
        big_set(&n, b.mantissa >> zeros);
        exponent = b.exponent + zeros;
        big_mul_pow5(&n, (unsigned)-exponent);
    }
    // 1,074 bits of integer or 767 digits of fraction need at most 41 pieces of 19 digits.
    uint64_t pieces[44];
    int count = 0;
    while (n.count) pieces[count++] = big_div(&n, UINT64_C(10000000000000000000));
    int size = write_digits(to->digits, pieces[--count]);
    while (count-- > 0) {
        uint64_t piece = pieces[count];
        for (int i = 18; i >= 0; i--) {
            to->digits[size + i] = (char)('0' + piece % 10);
            piece /= 10;
        }
        size += 19;
    }
    to->count = size;
    to->point = size + exponent;
    strip_zeros(to);
}

// Keep the first `keep` digits, rounding half to even.
static void round_digits(DoubleDigits *d, int keep) {
    if (keep >= d->count) return;
    if (keep < 0) {
        d->count = 0;
        return;
    }
    bool odd = keep > 0 && (d->digits[keep - 1] & 1);
    bool up = d->digits[keep] > '5' || (d->digits[keep] == '5' && (d->count > keep + 1 || odd));
    d->count = keep;
    if (up) {
        while (d->count && d->digits[d->count - 1] == '9') d->count--;
        if (d->count) {
            d->digits[d->count - 1]++;
        } else {
            d->digits[0] = '1';
            d->count = 1;
            d->point++;
        }
    }
    strip_zeros(d);
}

static const uint64_t small_powers[] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

// value * 10**decimals rounded to an integer, when everything fits.
static bool scale_fast(Binary b, int decimals, uint64_t *result) {
    int bits = -b.exponent;
    if (decimals < 0 || decimals > 19 || bits <= 0 || bits > 120) return false;
    Wide scaled = (Wide)b.mantissa * small_powers[decimals];
    Wide whole = scaled >> bits, rest = scaled & (((Wide)1 << bits) - 1), half = (Wide)1 << (bits - 1);
    whole += rest > half || (rest == half && (whole & 1));
    if (whole >= (Wide)UINT64_C(10000000000000000000)) return false;
    *result = (uint64_t)whole;
    return true;
}

void double_round_decimals(double value, int decimals, DoubleDigits *to) {
    Binary b = split(value);
    uint64_t n;
    to->count = 0;
    to->point = 0;
    if (b.mantissa == 0) return;
    if (scale_fast(b, decimals, &n)) {
        set_digits(to, n, -decimals);
        return;
    }
    expand(b, to);
    // As 64-bit: a precision near INT_MAX plus the point must not wrap.
    int64_t keep = (int64_t)to->point + decimals;
    if (keep < to->count) round_digits(to, keep < -1 ? -1 : (int)keep);
}

void double_round_significant(double value, int significant, DoubleDigits *to) {
    Binary b = split(value);
    to->count = 0;
    to->point = 0;
    if (b.mantissa == 0) return;
    // The decimal exponent, possibly one too small; with one digit too many the fast path is tried again.
    int length = 64 - __builtin_clzll(b.mantissa);
    int point = floor_log10_pow2(b.exponent + length - 1) + 1;
    uint64_t n;
    if (significant <= 18 && scale_fast(b, significant - point, &n)) {
        if (n >= small_powers[significant]) {
            if (scale_fast(b, significant - point - 1, &n)) {
                set_digits(to, n, point + 1 - significant);
                return;
            }
        } else {
            set_digits(to, n, point - significant);
            return;
        }
    }
    expand(b, to);
    round_digits(to, significant);
}

// Append count digits of d from index `from` on, zeros where it has none.
static void append_digits(TextBuf *b, const DoubleDigits *d, int64_t from, int64_t count) {
    if (from < 0) {
        int64_t zeros = -from < count ? -from : count;
        textbuf_fill(b, '0', (size_t)zeros);
        count -= zeros;
        from = 0;
    }
    int64_t have = d->count - from;
    if (have > count) have = count;
    if (have > 0) {
        textbuf_append(b, d->digits + from, (size_t)have);
        count -= have;
    }
    if (count > 0) textbuf_fill(b, '0', (size_t)count);
}

static void append_fixed(TextBuf *b, const DoubleDigits *d, int64_t decimals, unsigned flags) {
    if (d->count == 0 || d->point <= 0)
        textbuf_byte(b, '0');
    else
        append_digits(b, d, 0, d->point);
    if (decimals == 0 && (flags & DOUBLE_DOT_ZERO)) {
        textbuf_text(b, ".0");
        return;
    }
    if (decimals > 0 || (flags & DOUBLE_ALTERNATE)) textbuf_byte(b, '.');
    append_digits(b, d, d->count ? d->point : 0, decimals);
}

static void append_exponent(TextBuf *b, const DoubleDigits *d, int64_t decimals, char letter, unsigned flags) {
    append_digits(b, d, 0, 1);
    if (decimals > 0 || (flags & DOUBLE_ALTERNATE)) textbuf_byte(b, '.');
    append_digits(b, d, 1, decimals);
    int exponent = d->count ? d->point - 1 : 0;
    textbuf_byte(b, letter);
    textbuf_byte(b, exponent < 0 ? '-' : '+');
    if (exponent < 0) exponent = -exponent;
    char text[20];
    int size = write_digits(text, (uint64_t)exponent);
    if (size < 2) textbuf_byte(b, '0');
    textbuf_append(b, text, (size_t)size);
}

// 'g': whichever of the two notations C's printf takes for this many significant digits.
static void append_general(TextBuf *b, const DoubleDigits *d, int precision, char letter, unsigned flags) {
    int point = d->count ? d->point : 1;
    int64_t shown = (flags & DOUBLE_ALTERNATE) ? precision : d->count;
    int limit = precision - ((flags & DOUBLE_DOT_ZERO) != 0);
    if (point <= -4 || point > limit) {
        append_exponent(b, d, shown - 1, letter, flags);
    } else {
        int64_t decimals = shown - point;
        append_fixed(b, d, decimals > 0 ? decimals : 0, flags);
    }
}

static void append_shortest(TextBuf *b, const DoubleDigits *d, unsigned flags) {
    int point = d->count ? d->point : 1;
    if (point <= -4 || point > 16)
        append_exponent(b, d, d->count - 1, 'e', flags);
    else
        append_fixed(b, d, d->count > point ? d->count - point : 0, flags);
}

void double_format(TextBuf *b, double value, char code, int precision, unsigned flags) {
    bool upper = code >= 'A' && code <= 'Z';
    char kind = upper ? (char)(code | 0x20) : code;
    if (isnan(value)) {
        if (flags & DOUBLE_SIGN) textbuf_byte(b, '+');
        textbuf_text(b, upper ? "NAN" : "nan");
        return;
    }
    bool negative = signbit(value);
    DoubleDigits d;
    if (isfinite(value)) {
        if (kind == 'r') {
            double_shortest(value, &d);
        } else if (kind == 'f') {
            double_round_decimals(value, precision, &d);
        } else {
            if (kind == 'g' && precision == 0) precision = 1;
            int significant = kind == 'e' ? (precision < DOUBLE_MAX_DIGITS ? precision + 1 : precision) : precision;
            double_round_significant(value, significant, &d);
        }
        if (d.count == 0 && (flags & DOUBLE_NO_NEGATIVE_ZERO)) negative = false;
    }
    if (negative)
        textbuf_byte(b, '-');
    else if (flags & DOUBLE_SIGN)
        textbuf_byte(b, '+');
    char letter = upper ? 'E' : 'e';
    if (isinf(value))
        textbuf_text(b, upper ? "INF" : "inf");
    else if (kind == 'r')
        append_shortest(b, &d, flags);
    else if (kind == 'f')
        append_fixed(b, &d, precision, flags);
    else if (kind == 'e')
        append_exponent(b, &d, precision, letter, flags);
    else
        append_general(b, &d, precision, letter, flags);
}
