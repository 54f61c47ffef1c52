/* complex: two doubles. Immutable. */
#pragma once
#include "object/object.h"

typedef struct ComplexObject {
    Object object;
    double real, imag;
} ComplexObject;

extern Type complex_type;
Value complex_new(Thread *t, double real, double imag);
static inline ComplexObject *as_complex(Value v) { return (ComplexObject *)v.bits; }
static inline bool is_complex(Value v) { return is_instance_of(v, &complex_type); }
/* (x_real + x_imag j) ** (y_real + y_imag j), a complex; ZeroDivisionError, OverflowError. */
Value complex_power(Thread *t, double x_real, double x_imag, double y_real, double y_imag);
/* complex, an object with __complex__, or a real number. false: TypeError and whatever those raise. */
bool complex_from_object(Thread *t, Value v, double *real, double *imag);
/* The quotient's parts; the divisor must not be zero. */
void complex_quotient(const double dividend[2], const double divisor[2], double out[2]);
