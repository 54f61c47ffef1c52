/* string.templatelib: Template and Interpolation, what t-strings make. Immutable. */
#pragma once
#include "object/object.h"

typedef struct TemplateObject {
    Object object;
    Value strings, interpolations; /* tuples: one string more than interpolations */
} TemplateObject;

typedef struct InterpolationObject {
    Object object;
    Value value, expression, conversion, format_spec;
} InterpolationObject;

extern Type template_type, interpolation_type;
/* strings and interpolations as written: tuples. */
Value template_new(Thread *t, Value strings, Value interpolations);
Value interpolation_new(Thread *t, Value value, Value expression, Value conversion, Value format_spec);
