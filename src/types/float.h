/* float: in the word where it fits, else in a FloatObject. Immutable. */
#pragma once
#include "object/object.h"

typedef struct FloatObject {
    Object object;
    double value;
} FloatObject;

extern Type float_type;

Value float_box(Thread *t, double d); /* for doubles that do not fit the word */
static inline Value float_from_double(Thread *t, double d) {
    Value v = immediate_float_or_absent(d);
    return likely(present(v)) ? v : float_box(t, d);
}
/* v is a float or an instance of a subclass */
static inline double float_value(Value v) {
    return is_immediate_float(v) ? immediate_float_value(v) : ((FloatObject *)v.bits)->value;
}
int64_t float_hash(double d, Value self); /* self: whose identity nan hashes by */
Value float_repr(Thread *t, double d);
Value float_power(Thread *t, double base, double exponent); /* base ** exponent: may be complex */
Value float_from_str(Thread *t, Value str); /* float("...") */
/* float(text) for the text of a bytes-like object; argument: what an error message shows. */
Value float_from_byte_text(Thread *t, const char *data, size_t length, Value argument);
Value float_hex(Thread *t, double d);
Value float_from_hex(Thread *t, Value str);
/* The order of a finite or infinite double and an int: -1, 0, 1. */
int float_compare_int(Thread *t, double d, Value i);
/* x rounded to ndigits decimals, ties to even of the decimal expansion; OverflowError. */
Value float_round(Thread *t, double x, int64_t ndigits);
void float_divmod(double x, double y, double *quotient, double *remainder); /* y is not 0 */
