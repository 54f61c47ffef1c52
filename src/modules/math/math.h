/* The math module: functions of floats (functions.c), of ints (integers.c), of many numbers (sums.c). */
#pragma once
#include "object/thread.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

extern const NativeDef math_integer_functions[], math_sum_functions[], math_log_functions[];

double math_gamma(double x);  /* infinite: too large; not for zero and negative integers */
double math_lgamma(double x); /* likewise */

/* The exact sum of doubles, after Shewchuk: partial sums that do not overlap, ascending in magnitude. */
typedef struct ExactSum {
    double *partials;
    size_t count, capacity;
    double small[32];
    double special, infinities; /* sums of the values that are not finite */
    bool failed, overflowed;
} ExactSum;
void exact_sum_init(ExactSum *s);
void exact_sum_free(ExactSum *s);
void exact_sum_add(ExactSum *s, double x);
double exact_sum_round(const ExactSum *s); /* correctly rounded; finite parts only */
