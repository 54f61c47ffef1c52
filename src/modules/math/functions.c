/* math: the module object and the functions of one, two or three floats.
 *
 * The C library computes; here are Python's errors: a result that is NaN though no argument is, or infinite
 * though all arguments are finite.
 * Threads: pure functions.
 */
#include "modules/math/math.h"

#include "object/call.h"
#include "object/operators.h"
#include "types/dict/dict.h"
#include "types/module.h"

static Value range_error(Thread *t) { return raise_overflow_error(t, "math range error"); }
static Value domain_error(Thread *t) { return raise_value_error(t, "math domain error"); }

/* "expected ..., got x" */
static Value unexpected(Thread *t, const char *expected, double x) {
    if (expected == NULL)
        return domain_error(t);
    Value shown = TRY(float_repr(t, x));
    return raise_value_error(t, "expected %s, got %S", expected, shown);
}

static bool number(Thread *t, Value v, double *out) {
    if (is_exactly(v, &float_type)) {
        *out = float_value(v);
        return true;
    }
    return to_double(t, v, out);
}

static Value apply(Thread *t, Value argument, double (*function)(double), bool overflows, const char *expected) {
    double x;
    CHECK(number(t, argument, &x));
    double r = function(x);
    if (unlikely(isnan(r) && !isnan(x)))
        return unexpected(t, expected, x);
    if (unlikely(isinf(r) && isfinite(x)))
        return overflows ? range_error(t) : unexpected(t, expected, x);
    return float_from_double(t, r);
}

#define FUNCTION(name, overflows, expected) \
    static Value math_##name(Thread *t, Value *args) { return apply(t, args[0], name, overflows, expected); }
FUNCTION(acos, false, "a number in range from -1 up to 1")
FUNCTION(acosh, false, "argument value not less than 1")
FUNCTION(asin, false, "a number in range from -1 up to 1")
FUNCTION(asinh, false, NULL)
FUNCTION(atan, false, NULL)
FUNCTION(atanh, false, "a number between -1 and 1")
FUNCTION(cbrt, false, NULL)
FUNCTION(cos, false, "a finite input")
FUNCTION(cosh, true, NULL)
FUNCTION(erf, false, NULL)
FUNCTION(erfc, false, NULL)
FUNCTION(exp, true, NULL)
FUNCTION(exp2, true, NULL)
FUNCTION(expm1, true, NULL)
FUNCTION(fabs, false, NULL)
FUNCTION(log1p, false, "argument value > -1")
FUNCTION(sin, false, "a finite input")
FUNCTION(sinh, true, NULL)
FUNCTION(sqrt, false, "a nonnegative input")
FUNCTION(tan, false, "a finite input")
FUNCTION(tanh, false, NULL)
#undef FUNCTION

static Value gamma_(Thread *t, Value *args) {
    static const char expected[] = "a noninteger or positive integer";
    double x;
    CHECK(number(t, args[0], &x));
    if (x == floor(x) && (x <= 0 || x == -INFINITY))
        return unexpected(t, expected, x);
    if (isfinite(x) && x == floor(x) && x <= 23) { /* factorials that a double holds exactly */
        double product = 1;
        for (double i = 2; i < x; i++)
            product *= i;
        return float_from_double(t, product);
    }
    double r = math_gamma(x);
    return isinf(r) && isfinite(x) ? range_error(t) : float_from_double(t, r);
}

static Value lgamma_(Thread *t, Value *args) {
    double x;
    CHECK(number(t, args[0], &x));
    if (isfinite(x) && x == floor(x) && x <= 2)
        return x <= 0 ? unexpected(t, "a noninteger or positive integer", x) : float_from_double(t, 0.0);
    double r = math_lgamma(x);
    return isinf(r) && isfinite(x) ? range_error(t) : float_from_double(t, r);
}

/* Two arguments */

static bool two(Thread *t, Value *args, double *x, double *y) { return number(t, args[0], x) && number(t, args[1], y); }

static Value finish_2(Thread *t, double r, double x, double y) {
    if (unlikely(isnan(r) && !isnan(x) && !isnan(y)))
        return domain_error(t);
    if (unlikely(isinf(r) && isfinite(x) && isfinite(y)))
        return range_error(t);
    return float_from_double(t, r);
}

static Value atan2_(Thread *t, Value *args) {
    double y, x;
    CHECK(two(t, args, &y, &x));
    return float_from_double(t, atan2(y, x));
}
static Value copysign_(Thread *t, Value *args) {
    double x, y;
    CHECK(two(t, args, &x, &y));
    return float_from_double(t, copysign(x, y));
}
static Value fmod_(Thread *t, Value *args) {
    double x, y;
    CHECK(two(t, args, &x, &y));
    return finish_2(t, isinf(y) && isfinite(x) ? x : fmod(x, y), x, y);
}
static Value remainder_(Thread *t, Value *args) {
    double x, y;
    CHECK(two(t, args, &x, &y));
    return finish_2(t, remainder(x, y), x, y);
}
static Value pow_(Thread *t, Value *args) {
    double x, y;
    CHECK(two(t, args, &x, &y));
    double r = pow(x, y);
    if (isinf(r) && x == 0)
        return isfinite(y) ? domain_error(t) : float_from_double(t, r);
    return finish_2(t, r, x, y);
}

static int64_t ordered_bits(double d) {
    int64_t bits;
    memcpy(&bits, &d, 8);
    return bits < 0 ? INT64_MIN - bits : bits;
}
static double from_ordered_bits(int64_t bits) {
    if (bits < 0)
        bits = INT64_MIN - bits;
    double d;
    memcpy(&d, &bits, 8);
    return d;
}

static Value nextafter_(Thread *t, Value *args) {
    double x, y;
    CHECK(two(t, args, &x, &y));
    if (is_none(args[2]))
        return float_from_double(t, nextafter(x, y));
    Value steps_value = TRY(index_of(t, args[2]));
    if (int_sign(steps_value) < 0)
        return raise_value_error(t, "steps must be a non-negative integer");
    uint64_t steps;
    if (!int_to_u64(steps_value, &steps))
        steps = UINT64_MAX;
    if (steps == 0 || isnan(x))
        return float_from_double(t, x);
    if (isnan(y) || x == y)
        return float_from_double(t, isnan(y) ? y : y);
    int64_t from = ordered_bits(x), to = ordered_bits(y);
    uint64_t distance = from < to ? (uint64_t)to - (uint64_t)from : (uint64_t)from - (uint64_t)to;
    if (steps >= distance)
        return float_from_double(t, y);
    double r = from_ordered_bits(from < to ? (int64_t)((uint64_t)from + steps) : (int64_t)((uint64_t)from - steps));
    return float_from_double(t, r == 0 ? copysign(r, from < to ? -1.0 : 1.0) : r);
}

static Value ulp_(Thread *t, Value *args) {
    double x;
    CHECK(number(t, args[0], &x));
    x = fabs(x);
    if (!isfinite(x))
        return float_from_double(t, x);
    double next = nextafter(x, INFINITY);
    return float_from_double(t, isinf(next) ? x - nextafter(x, -INFINITY) : next - x);
}

static Value fma_(Thread *t, Value *args) {
    double x, y, z;
    CHECK(two(t, args, &x, &y) && number(t, args[2], &z));
    double r = fma(x, y, z);
    if (isnan(r) && !isnan(x) && !isnan(y) && !isnan(z))
        return raise_value_error(t, "invalid operation in fma");
    if (isinf(r) && isfinite(x) && isfinite(y) && isfinite(z))
        return raise_overflow_error(t, "overflow in fma");
    return float_from_double(t, r);
}

/* Parts of a float */

static Value ldexp_(Thread *t, Value *args) {
    double x;
    int64_t exponent;
    CHECK(number(t, args[0], &x));
    if (!is_int(args[1]))
        return raise_type_error(t, "Expected an int as second argument to ldexp.");
    if (!int_to_i64(args[1], &exponent))
        exponent = int_sign(args[1]) < 0 ? INT32_MIN : INT32_MAX;
    if (x == 0 || !isfinite(x))
        return float_from_double(t, x);
    if (exponent > INT32_MAX)
        exponent = INT32_MAX;
    if (exponent < INT32_MIN)
        exponent = INT32_MIN;
    double r = ldexp(x, (int)exponent);
    return isinf(r) ? range_error(t) : float_from_double(t, r);
}
static Value frexp_(Thread *t, Value *args) {
    double x;
    int exponent = 0;
    CHECK(number(t, args[0], &x));
    if (isfinite(x) && x != 0)
        x = frexp(x, &exponent);
    Value mantissa = TRY(float_from_double(t, x));
    return tuple_pack(t, 2, mantissa, small_int(exponent));
}
static Value modf_(Thread *t, Value *args) {
    double x, whole;
    CHECK(number(t, args[0], &x));
    double fraction = modf(x, &whole);
    Value a = TRY(float_from_double(t, fraction)), b = TRY(float_from_double(t, whole));
    return tuple_pack(t, 2, a, b);
}

static const double pi = 3.14159265358979323846, e = 2.7182818284590452354;

static Value degrees_(Thread *t, Value *args) {
    double x;
    CHECK(number(t, args[0], &x));
    return float_from_double(t, x * (180.0 / pi));
}
static Value radians_(Thread *t, Value *args) {
    double x;
    CHECK(number(t, args[0], &x));
    return float_from_double(t, x * (pi / 180.0));
}

#define TEST(name)                                      \
    static Value name##_(Thread *t, Value *args) {      \
        double x;                                       \
        CHECK(number(t, args[0], &x));                  \
        return from_bool(name(x));                      \
    }
TEST(isfinite)
TEST(isinf)
TEST(isnan)
#undef TEST

static Value isclose_(Thread *t, Value *args) {
    double a, b, relative, absolute;
    CHECK(two(t, args, &a, &b) && number(t, args[2], &relative) && number(t, args[3], &absolute));
    if (relative < 0 || absolute < 0)
        return raise_value_error(t, "tolerances must be non-negative");
    if (a == b)
        return TRUE;
    if (isinf(a) || isinf(b))
        return FALSE;
    double difference = fabs(b - a);
    return from_bool(difference <= fabs(relative * b) || difference <= fabs(relative * a) || difference <= absolute);
}

/* Rounding to an int: through the type's own method where it has one. */

static Value rounded(Thread *t, Value v, Value name, double (*function)(double)) {
    if (is_exactly(v, &float_type))
        return int_from_double(t, function(float_value(v)));
    Value method = type_lookup_special(t, v, name);
    if (present(method))
        return call_0(t, method);
    double x;
    CHECK(!error_pending(t) && to_double(t, v, &x));
    return int_from_double(t, function(x));
}
static Value floor_(Thread *t, Value *args) { return rounded(t, args[0], names.__floor__, floor); }
static Value ceil_(Thread *t, Value *args) { return rounded(t, args[0], names.__ceil__, ceil); }
static Value trunc_(Thread *t, Value *args) {
    if (is_exactly(args[0], &float_type))
        return int_from_double(t, float_value(args[0]));
    Value method = type_lookup_special(t, args[0], names.__trunc__);
    if (present(method))
        return call_0(t, method);
    return error_pending(t) ? NO_VALUE : raise_type_error(t, "type %T doesn't define __trunc__ method", args[0]);
}

static const NativeDef functions[] = {
    {"acos(x, /)", math_acos, "Arc cosine, in radians."},
    {"acosh(x, /)", math_acosh, "Inverse hyperbolic cosine."},
    {"asin(x, /)", math_asin, "Arc sine, in radians."},
    {"asinh(x, /)", math_asinh, "Inverse hyperbolic sine."},
    {"atan(x, /)", math_atan, "Arc tangent, in radians."},
    {"atan2(y, x, /)", atan2_, "Arc tangent of y/x in the right quadrant."},
    {"atanh(x, /)", math_atanh, "Inverse hyperbolic tangent."},
    {"cbrt(x, /)", math_cbrt, "Cube root."},
    {"ceil(x, /)", ceil_, "The smallest int that is not less."},
    {"copysign(x, y, /)", copysign_, "The magnitude of x with the sign of y."},
    {"cos(x, /)", math_cos, "Cosine, of radians."},
    {"cosh(x, /)", math_cosh, "Hyperbolic cosine."},
    {"degrees(x, /)", degrees_, "Radians to degrees."},
    {"erf(x, /)", math_erf, "Error function."},
    {"erfc(x, /)", math_erfc, "Complementary error function."},
    {"exp(x, /)", math_exp, "e to the power x."},
    {"exp2(x, /)", math_exp2, "2 to the power x."},
    {"expm1(x, /)", math_expm1, "exp(x) - 1, exact for small x."},
    {"fabs(x, /)", math_fabs, "Absolute value, as a float."},
    {"floor(x, /)", floor_, "The largest int that is not greater."},
    {"fma(x, y, z, /)", fma_, "x * y + z, rounded once."},
    {"fmod(x, y, /)", fmod_, "Remainder with the sign of x."},
    {"frexp(x, /)", frexp_, "(m, e) with x == m * 2**e and 0.5 <= abs(m) < 1."},
    {"gamma(x, /)", gamma_, "Gamma function."},
    {"isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose_, "Are the two numbers close?"},
    {"isfinite(x, /)", isfinite_, "Is it neither infinite nor NaN?"},
    {"isinf(x, /)", isinf_, "Is it infinite?"},
    {"isnan(x, /)", isnan_, "Is it NaN?"},
    {"ldexp(x, i, /)", ldexp_, "x * 2**i."},
    {"lgamma(x, /)", lgamma_, "Logarithm of the absolute value of the gamma function."},
    {"log1p(x, /)", math_log1p, "log(1 + x), exact for small x."},
    {"modf(x, /)", modf_, "Fraction and whole part, both with x's sign."},
    {"nextafter(x, y, /, *, steps=None)", nextafter_, "The float that is that many steps (1) from x towards y."},
    {"pow(x, y, /)", pow_, "x to the power y, as floats."},
    {"radians(x, /)", radians_, "Degrees to radians."},
    {"remainder(x, y, /)", remainder_, "Difference of x to the nearest multiple of y."},
    {"sin(x, /)", math_sin, "Sine, of radians."},
    {"sinh(x, /)", math_sinh, "Hyperbolic sine."},
    {"sqrt(x, /)", math_sqrt, "Square root."},
    {"tan(x, /)", math_tan, "Tangent, of radians."},
    {"tanh(x, /)", math_tanh, "Hyperbolic tangent."},
    {"trunc(x, /)", trunc_, "The number as an int, towards zero."},
    {"ulp(x, /)", ulp_, "The value of the least significant bit."},
    {NULL, NULL, NULL, 0},
};

static bool init(Thread *t, Value module) {
    const NativeDef *const tables[] = {math_integer_functions, math_sum_functions, math_log_functions};
    Value module_name = str_intern_text(t, "math");
    for (int i = 0; i < 3; i++)
        for (const NativeDef *def = tables[i]; present(module_name) && def->signature; def++) {
            Value name = native_name(t, def);
            Value function = absent(name) ? name : native_function_new(t, def, module, module_name);
            if (absent(function) || !dict_set(t, module_dict(module), name, function))
                return false;
        }
    return module_add(t, module, "pi", float_from_double(t, pi)) && module_add(t, module, "e", float_from_double(t, e)) &&
           module_add(t, module, "tau", float_from_double(t, 2 * pi)) &&
           module_add(t, module, "inf", float_from_double(t, INFINITY)) &&
           module_add(t, module, "nan", float_from_double(t, NAN));
}

NATIVE_MODULE(math) = {
    .name = "math",
    .doc = "Functions of real numbers.",
    .functions = functions,
    .init = init,
};
