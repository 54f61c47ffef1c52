/* math: functions of many numbers: fsum, prod, sumprod, hypot, dist.
 *
 * The exact sum is Shewchuk's ("Adaptive Precision Floating-Point Arithmetic", 1997): it keeps doubles that do not
 * overlap and whose sum is exactly that of what was added.
 * Threads: pure functions.
 */
#include "modules/math/math.h"

#include "object/operators.h"
#include "types/list_iterator.h"

#include <stdlib.h>

void exact_sum_init(ExactSum *s) { *s = (ExactSum){.partials = s->small, .capacity = 32}; }
void exact_sum_free(ExactSum *s) {
    if (s->partials != s->small)
        free(s->partials);
}

static bool append(ExactSum *s, double x) {
    if (s->count == s->capacity) {
        double *larger = malloc(2 * s->capacity * sizeof *larger);
        if (larger == NULL)
            return false;
        memcpy(larger, s->partials, s->count * sizeof *larger);
        if (s->partials != s->small)
            free(s->partials);
        s->partials = larger;
        s->capacity *= 2;
    }
    s->partials[s->count++] = x;
    return true;
}

void exact_sum_add(ExactSum *s, double x) {
    double given = x;
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        double y = s->partials[i];
        if (fabs(x) < fabs(y)) {
            double other = x;
            x = y;
            y = other;
        }
        double high = x + y, low = y - (high - x);
        if (low != 0)
            s->partials[kept++] = low;
        x = high;
    }
    s->count = kept;
    if (x == 0)
        return;
    if (!isfinite(x)) {
        if (isfinite(given))
            s->overflowed = true;
        if (isinf(given))
            s->infinities += given;
        s->special += given;
        s->count = 0;
        return;
    }
    s->failed |= !append(s, x);
}

double exact_sum_round(const ExactSum *s) {
    size_t n = s->count;
    if (n == 0)
        return 0.0;
    double high = s->partials[--n], low = 0;
    while (n > 0) {
        double x = high, y = s->partials[--n];
        high = x + y;
        low = y - (high - x);
        if (low != 0)
            break;
    }
    /* Half-way cases: what lies below decides. */
    if (n > 0 && ((low < 0 && s->partials[n - 1] < 0) || (low > 0 && s->partials[n - 1] > 0))) {
        double y = low * 2, x = high + y;
        if (y == x - high)
            high = x;
    }
    return high;
}

static bool add_item(Thread *t, void *context, Value item) {
    ExactSum *s = context;
    double x;
    if (!to_double(t, item, &x))
        return false;
    exact_sum_add(s, x);
    if (s->overflowed)
        raise_overflow_error(t, "intermediate overflow in fsum");
    if (s->failed)
        raise_no_memory(t);
    return !s->overflowed && !s->failed;
}

static Value fsum_(Thread *t, Value *args) {
    ExactSum s;
    exact_sum_init(&s);
    Value v = NO_VALUE;
    if (iterate(t, args[0], add_item, &s)) {
        if (s.special != 0)
            v = isnan(s.infinities) ? raise_value_error(t, "-inf + inf in fsum") : float_from_double(t, s.special);
        else
            v = float_from_double(t, exact_sum_round(&s));
    }
    exact_sum_free(&s);
    return v;
}

/* prod */

static bool multiply_item(Thread *t, void *context, Value item) {
    Value *result = context;
    int64_t product;
    if (is_small_int(*result) && is_small_int(item) &&
        !__builtin_mul_overflow(small_int_value(*result), small_int_value(item), &product))
        *result = int_from(t, product);
    else if (is_exactly(*result, &float_type) && is_exactly(item, &float_type))
        *result = float_from_double(t, float_value(*result) * float_value(item));
    else
        *result = binary_operation(t, BINARY_MUL, *result, item);
    return present(*result);
}

static Value prod_(Thread *t, Value *args) {
    Value result = args[1];
    return iterate(t, args[0], multiply_item, &result) ? result : NO_VALUE;
}

/* sumprod: exact for ints and floats; the first pair of something else ends that for good. */

typedef struct DotProduct {
    Value total;   /* of everything but the floats */
    ExactSum sum;  /* of the floats' products */
    double plain;  /* the same without care: for what is not finite */
    bool floats;   /* there are any */
    bool ints_ended; /* an int is nothing special any more where both are: as in CPython, whose rounding shows */
    bool generic;
} DotProduct;

static bool add_float_product(Thread *t, DotProduct *d, Value p, Value q) {
    double x, y;
    if (!is_exactly(p, &float_type) && !is_exactly(q, &float_type))
        return false;
    if (!(is_exactly(p, &float_type) || is_exactly(p, &int_type) || is_exactly(p, &bool_type)) ||
        !(is_exactly(q, &float_type) || is_exactly(q, &int_type) || is_exactly(q, &bool_type)))
        return false;
    if (!to_double(t, p, &x) || !to_double(t, q, &y)) {
        error_clear(t); /* an int too large for a float: the generic way will say so */
        return false;
    }
    double high = x * y, low = fma(x, y, -high);
    d->plain += high;
    d->floats = true;
    if (isfinite(high) && isfinite(low)) {
        exact_sum_add(&d->sum, high);
        exact_sum_add(&d->sum, low);
    } else {
        d->sum.special += high;
    }
    return true;
}

static double float_part(const DotProduct *d) {
    return isfinite(d->plain) && !d->sum.overflowed ? exact_sum_round(&d->sum) : d->plain;
}

static bool add_product(Thread *t, DotProduct *d, Value p, Value q) {
    if (!d->generic) {
        bool ints = !d->ints_ended && (is_exactly(p, &int_type) || is_exactly(p, &bool_type)) &&
                    (is_exactly(q, &int_type) || is_exactly(q, &bool_type));
        d->ints_ended = !ints;
        if (!ints && add_float_product(t, d, p, q))
            return true;
        if (!ints) {
            d->generic = true;
            if (d->floats) {
                Value part = float_from_double(t, float_part(d));
                d->total = absent(part) ? part : binary_operation(t, BINARY_ADD, d->total, part);
                d->floats = false;
                if (absent(d->total))
                    return false;
            }
        }
    }
    int64_t word;
    bool small = is_small_int(p) && is_small_int(q) && !__builtin_mul_overflow(small_int_value(p), small_int_value(q), &word);
    Value product = small ? int_from(t, word) : binary_operation(t, BINARY_MUL, p, q);
    if (is_small_int(product) && is_small_int(d->total)) {
        d->total = int_from(t, small_int_value(d->total) + small_int_value(product)); /* two of 63 bits: no overflow */
        return present(d->total);
    }
    if (present(product))
        d->total = binary_operation(t, BINARY_ADD, d->total, product);
    return present(product) && present(d->total);
}

static Value sumprod_(Thread *t, Value *args) {
    Value a = TRY(get_iterator(t, args[0])), b = TRY(get_iterator(t, args[1])), v = NO_VALUE;
    DotProduct d = {.total = small_int(0)};
    exact_sum_init(&d.sum);
    for (;;) {
        Value p = iterator_next_at_once(t, a);
        if (absent(p) && error_pending(t))
            goto done;
        Value q = iterator_next_at_once(t, b);
        if (absent(q) && error_pending(t))
            goto done;
        if (absent(p) != absent(q)) {
            raise_value_error(t, "Inputs are not the same length");
            goto done;
        }
        if (absent(p))
            break;
        if (!add_product(t, &d, p, q))
            goto done;
    }
    v = d.total;
    if (d.floats) {
        Value part = float_from_double(t, float_part(&d));
        v = absent(part) ? part : binary_operation(t, BINARY_ADD, v, part);
    }
done:
    exact_sum_free(&d.sum);
    return v;
}

/* hypot, dist: the values are scaled by a power of two, their squares summed with twice the precision, and the square
 * root of that corrected once. */
static double vector_norm(const double *values, size_t count, double largest, bool nan_seen) {
    if (isinf(largest))
        return largest;
    if (nan_seen)
        return NAN;
    if (largest == 0 || count <= 1)
        return largest;
    int exponent;
    frexp(largest, &exponent);
    double high = 0, low = 0;
    for (size_t i = 0; i < count; i++) {
        double x = ldexp(values[i], -exponent), square = x * x, error = fma(x, x, -square);
        double sum = high + square, part = sum - high;
        low += (high - (sum - part)) + (square - part) + error;
        high = sum;
    }
    double total = high + low, rest = low - (total - high);
    double root = sqrt(total);
    double square = root * root, error = fma(root, root, -square);
    root += ((total - square) - error + rest) / (2.0 * root);
    return ldexp(root, exponent);
}

typedef struct Coordinates {
    double small[16], *values, largest;
    bool nan_seen;
} Coordinates;

static bool coordinates_init(Thread *t, Coordinates *c, size_t count) {
    *c = (Coordinates){0};
    c->values = count <= 16 ? c->small : malloc(count * sizeof(double));
    if (c->values == NULL)
        raise_no_memory(t);
    return c->values != NULL;
}
static void coordinates_free(Coordinates *c) {
    if (c->values != c->small)
        free(c->values);
}
static void coordinates_set(Coordinates *c, size_t i, double x) {
    c->values[i] = fabs(x);
    c->nan_seen |= isnan(x);
    if (fabs(x) > c->largest)
        c->largest = fabs(x);
}

static Value hypot_(Thread *t, Value *args) {
    size_t count = tuple_length(args[0]);
    Coordinates c;
    CHECK(coordinates_init(t, &c, count));
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        double x = 0;
        ok = to_double(t, tuple_get(args[0], i), &x);
        coordinates_set(&c, i, x);
    }
    double r = vector_norm(c.values, count, c.largest, c.nan_seen);
    coordinates_free(&c);
    return ok ? float_from_double(t, r) : NO_VALUE;
}

static Value dist_(Thread *t, Value *args) {
    Value p = TRY(is_tuple(args[0]) ? args[0] : tuple_from_iterable(t, args[0]));
    Value q = TRY(is_tuple(args[1]) ? args[1] : tuple_from_iterable(t, args[1]));
    size_t count = tuple_length(p);
    if (count != tuple_length(q))
        return raise_value_error(t, "both points must have the same number of dimensions");
    Coordinates c;
    CHECK(coordinates_init(t, &c, count));
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        double x = 0, y = 0;
        ok = to_double(t, tuple_get(p, i), &x) && to_double(t, tuple_get(q, i), &y);
        coordinates_set(&c, i, x - y);
    }
    double r = vector_norm(c.values, count, c.largest, c.nan_seen);
    coordinates_free(&c);
    return ok ? float_from_double(t, r) : NO_VALUE;
}

const NativeDef math_sum_functions[] = {
    {"dist(p, q, /)", dist_, "Distance between two points."},
    {"fsum(seq, /)", fsum_, "The sum of floats, exact until it is rounded."},
    {"hypot(*coordinates)", hypot_, "Distance of a point from the origin.", NATIVE_BORROWS_STAR},
    {"prod(iterable, /, *, start=1)", prod_, "The product of start and the items."},
    {"sumprod(p, q, /)", sumprod_, "The sum of the products of corresponding items."},
    {NULL, NULL, NULL, 0},
};
