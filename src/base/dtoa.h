// Doubles to decimal text and back, correctly rounded (half to even) for every value, precision and length.
//
// Threading: pure functions.
#pragma once

#include "base/textbuf.h"

#include <stddef.h>

// The most significant digits that any double has.
enum { DOUBLE_MAX_DIGITS = 767 };

// The decimal 0.d1d2d3... * 10**point. No trailing zeros; d1 is not zero. count 0 is the number zero.
// The sign of the double is not recorded.
typedef struct DoubleDigits {
    int point, count;
    char digits[DOUBLE_MAX_DIGITS + 1];
} DoubleDigits;

// The value must be finite in these three.

// The shortest digits that read back as the same double, of these the closest to it.
void double_shortest(double value, DoubleDigits *to);
// Rounded to `significant` >= 1 digits.
void double_round_significant(double value, int significant, DoubleDigits *to);
// Rounded to `decimals` digits behind the point; negative counts before it.
void double_round_decimals(double value, int decimals, DoubleDigits *to);

enum {
    DOUBLE_SIGN = 1,       // a '+' before what is not negative
    DOUBLE_DOT_ZERO = 2,   // ".0" after what would look like an integer
    DOUBLE_ALTERNATE = 4,  // '#': always a point; 'g' keeps its trailing zeros
    DOUBLE_NO_NEGATIVE_ZERO = 8,  // 'z': a result that rounds to zero has no '-'
};

// Append the value in format 'e', 'f', 'g' (or 'E', 'F', 'G') with the precision, or 'r': the shortest digits,
// the precision being ignored. Infinities and NaN give "inf" and "nan".
void double_format(TextBuf *b, double value, char code, int precision, unsigned flags);

// Read the longest decimal number, infinity or NaN (any case, optional sign, no blanks or underscores) at s.
// Returns how many bytes it takes, 0 if there is none. What is too large gives an infinity.
size_t double_parse(const char *s, size_t size, double *value);
