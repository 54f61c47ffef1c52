/* math: logarithms (of ints of any size too) and functions of ints.
 *
 * Threads: pure functions.
 */
#include "modules/math/math.h"

#include "object/operators.h"
#include "types/int/int_layout.h"

#include <gmp.h>

/* Logarithms */

typedef struct Logarithm {
    double (*function)(double);
    double of_two; /* the function of 2 */
} Logarithm;

static Value expected_positive(Thread *t, Value v) {
    if (is_float(v) || !is_int(v)) {
        double d;
        CHECK(to_double(t, v, &d));
        Value shown = TRY(float_repr(t, d));
        return raise_value_error(t, "expected a positive input, got %S", shown);
    }
    return raise_value_error(t, "expected a positive input");
}

/* A big int as mantissa * 2**exponent, the mantissa from 0.5 up to 1. */
static bool reduce(Thread *t, Value v, double *mantissa, double *exponent) {
    int64_t bits = (int64_t)int_bit_length(v);
    Value top = int_rshift(t, v, small_int(bits - 64));
    *exponent = (double)bits;
    if (absent(top) || !int_as_double(t, top, mantissa))
        return false;
    *mantissa = ldexp(*mantissa, -64);
    return true;
}

static Value logarithm(Thread *t, Value v, const Logarithm *log_of) {
    double x, exponent = 0;
    if (is_int(v)) {
        if (int_sign(v) <= 0)
            return expected_positive(t, v);
        /* Of 1024 bits some are too large for a float, and some are not. */
        bool fits = int_bit_length(v) <= 1024 && int_as_double(t, v, &x);
        CHECK(fits || !error_pending(t) || error_catch(t, &OverflowError_type));
        CHECK(fits || reduce(t, v, &x, &exponent));
        return float_from_double(t, log_of->function(x) + (exponent ? log_of->of_two * exponent : 0));
    }
    CHECK(to_double(t, v, &x));
    if (x <= 0)
        return expected_positive(t, v);
    return float_from_double(t, log_of->function(x));
}

static const Logarithm natural = {log, 0.69314718055994530942}, binary = {log2, 1.0},
                       decimal = {log10, 0.30102999566398119521};

static Value log_(Thread *t, Value *args) {
    size_t count = tuple_length(args[0]);
    if (count < 1 || count > 2)
        return raise_type_error(t, "log expected at %s, got %zu", count ? "most 2 arguments" : "least 1 argument", count);
    Value numerator = TRY(logarithm(t, tuple_get(args[0], 0), &natural));
    if (count == 1)
        return numerator;
    Value denominator = TRY(logarithm(t, tuple_get(args[0], 1), &natural));
    return binary_operation(t, BINARY_TRUEDIV, numerator, denominator);
}
static Value log2_(Thread *t, Value *args) { return logarithm(t, args[0], &binary); }
static Value log10_(Thread *t, Value *args) { return logarithm(t, args[0], &decimal); }

const NativeDef math_log_functions[] = {
    {"log(*args)", log_, "log(x, [base=math.e])\nThe logarithm of x to a base, e if none is given.", NATIVE_NO_SIGNATURE},
    {"log2(x, /)", log2_, "The logarithm to base 2."},
    {"log10(x, /)", log10_, "The logarithm to base 10."},
    {NULL, NULL, NULL, 0},
};

/* Through GMP */

static mpz_srcptr read_only(mpz_t z, IntView *view, Value v) {
    int_view(v, view);
    return mpz_roinit_n(z, view->limbs, view->negative ? -(mp_size_t)view->count : (mp_size_t)view->count);
}
static Value from_mpz(Thread *t, mpz_srcptr z) {
    return int_from_limbs(t, mpz_limbs_read(z), mpz_size(z), mpz_sgn(z) < 0);
}

static Value gcd_of(Thread *t, Value a, Value b) {
    int64_t x, y;
    if (int_to_i64(a, &x) && int_to_i64(b, &y)) {
        uint64_t u = x < 0 ? -(uint64_t)x : (uint64_t)x, v = y < 0 ? -(uint64_t)y : (uint64_t)y;
        while (v) {
            uint64_t rest = u % v;
            u = v;
            v = rest;
        }
        return int_from_unsigned(t, u);
    }
    IntView views[2];
    mpz_t za, zb, result;
    mpz_srcptr ra = read_only(za, &views[0], a), rb = read_only(zb, &views[1], b);
    CHECK(int_work_room(t, mpz_size(ra) + mpz_size(rb)));
    mpz_init(result);
    mpz_gcd(result, ra, rb);
    Value v = from_mpz(t, result);
    mpz_clear(result);
    return v;
}

static Value absolute_int(Thread *t, Value v) {
    v = TRY(index_of(t, v));
    return int_sign(v) < 0 ? int_neg(t, v) : v;
}

static Value gcd_(Thread *t, Value *args) {
    Value result = small_int(0);
    for (size_t i = 0; i < tuple_length(args[0]); i++) {
        Value v = TRY(absolute_int(t, tuple_get(args[0], i)));
        if (!same(result, small_int(1)))
            result = TRY(gcd_of(t, result, v));
    }
    return result;
}

static Value lcm_(Thread *t, Value *args) {
    Value result = small_int(1);
    for (size_t i = 0; i < tuple_length(args[0]); i++) {
        Value v = TRY(absolute_int(t, tuple_get(args[0], i)));
        if (int_sign(result) == 0 || int_sign(v) == 0) {
            result = small_int(0);
            continue;
        }
        Value common = TRY(gcd_of(t, result, v));
        result = TRY(int_floordiv(t, result, common));
        result = TRY(int_mul(t, result, v));
    }
    return result;
}

static Value isqrt_(Thread *t, Value *args) {
    Value v = TRY(index_of(t, args[0]));
    if (int_sign(v) < 0)
        return raise_value_error(t, "isqrt() argument must be nonnegative");
    IntView view;
    mpz_t z, result;
    mpz_srcptr x = read_only(z, &view, v);
    CHECK(int_work_room(t, mpz_size(x)));
    mpz_init(result);
    mpz_sqrt(result, x);
    Value root = from_mpz(t, result);
    mpz_clear(result);
    return root;
}

/* GMP ends the process when memory runs out: what cannot fit is refused before. */
static bool fits_memory(Thread *t, double bits) {
    if (bits < 0x1p36)
        return int_work_room(t, (size_t)bits / 64);
    raise_no_memory(t);
    return false;
}

static Value factorial_(Thread *t, Value *args) {
    Value v = TRY(index_of(t, args[0]));
    int64_t n;
    if (int_sign(v) < 0)
        return raise_value_error(t, "factorial() not defined for negative values");
    if (!int_to_i64(v, &n))
        return raise_overflow_error(t, "factorial() argument should not exceed %lld", (long long)INT64_MAX);
    CHECK(n < 3 || fits_memory(t, (double)n * log2((double)n)));
    mpz_t result;
    mpz_init(result);
    mpz_fac_ui(result, (unsigned long)n);
    Value product = from_mpz(t, result);
    mpz_clear(result);
    return product;
}

/* n over k for small numbers, k <= n - k, as long as it stays in a word; 0: it does not. */
static uint64_t small_comb(uint64_t n, uint64_t k) {
    uint64_t result = 1;
    for (uint64_t i = 0; i < k; i++) {
        if (__builtin_mul_overflow(result, n - i, &result))
            return 0;
        result /= i + 1;
    }
    return result;
}

static Value comb_(Thread *t, Value *args) {
    if (is_small_int(args[0]) && is_small_int(args[1])) {
        int64_t all = small_int_value(args[0]), some = small_int_value(args[1]);
        if (all - some < some)
            some = all - some;
        uint64_t ways = some >= 0 && all >= 0 && some <= 64 ? small_comb((uint64_t)all, (uint64_t)some) : 0;
        if (ways)
            return int_from_unsigned(t, ways);
    }
    Value n = TRY(index_of(t, args[0])), k = TRY(index_of(t, args[1]));
    int64_t count;
    if (int_sign(n) < 0)
        return raise_value_error(t, "n must be a non-negative integer");
    if (int_sign(k) < 0)
        return raise_value_error(t, "k must be a non-negative integer");
    Value rest = TRY(int_sub(t, n, k));
    if (int_sign(rest) < 0)
        return small_int(0);
    if (int_compare(rest, k) < 0)
        k = rest;
    if (!int_to_i64(k, &count))
        return raise_overflow_error(t, "min(n - k, k) must not exceed %lld", (long long)INT64_MAX);
    CHECK(fits_memory(t, (double)count * (double)int_bit_length(n)));
    IntView view;
    mpz_t z, result;
    mpz_init(result);
    mpz_bin_ui(result, read_only(z, &view, n), (unsigned long)count);
    Value v = from_mpz(t, result);
    mpz_clear(result);
    return v;
}

/* n * (n-1) * ... of `count` factors, halved so that the factors of each product are of one size. */
static Value falling_product(Thread *t, Value n, int64_t count) {
    if (count <= 1)
        return count ? n : small_int(1);
    Value lower = TRY(int_sub(t, n, small_int(count / 2)));
    Value a = TRY(falling_product(t, n, count / 2)), b = TRY(falling_product(t, lower, count - count / 2));
    return int_mul(t, a, b);
}

static Value perm_(Thread *t, Value *args) {
    if (is_none(args[1]))
        return factorial_(t, args);
    Value n = TRY(index_of(t, args[0])), k = TRY(index_of(t, args[1]));
    int64_t count;
    if (int_sign(n) < 0)
        return raise_value_error(t, "n must be a non-negative integer");
    if (int_sign(k) < 0)
        return raise_value_error(t, "k must be a non-negative integer");
    if (int_compare(n, k) < 0)
        return small_int(0);
    if (!int_to_i64(k, &count))
        return raise_overflow_error(t, "k must not exceed %lld", (long long)INT64_MAX);
    CHECK(fits_memory(t, (double)count * (double)int_bit_length(n)));
    return falling_product(t, n, count);
}

const NativeDef math_integer_functions[] = {
    {"comb(n, k, /)", comb_, "In how many ways k of n things can be chosen, regardless of order."},
    {"factorial(n, /)", factorial_, "n!"},
    {"gcd(*integers)", gcd_, "Greatest common divisor.", NATIVE_BORROWS_STAR},
    {"isqrt(n, /)", isqrt_, "The square root of an int, rounded down."},
    {"lcm(*integers)", lcm_, "Least common multiple.", NATIVE_BORROWS_STAR},
    {"perm(n, k=None, /)", perm_, "In how many ways k of n things can be chosen, in order; n! without k."},
    {NULL, NULL, NULL, 0},
};
