/* complex: two doubles. Immutable. */
#pragma once
#include "object/object.h"

typedef struct ComplexObject {
    Object object;
    double real, imag;
} ComplexObject;

extern Type complex_type;
Value complex_new(Thread *t, double real, double imag);
