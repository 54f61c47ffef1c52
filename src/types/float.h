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
Value float_from_str(Thread *t, Value str); /* float("...") */
