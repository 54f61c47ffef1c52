/* cmath: functions of complex numbers.
 *
 * The C library computes, special values after C's Annex G; here are Python's errors. A pole, and an argument for
 * which no limit exists, is a ValueError; an infinite result of finite arguments an OverflowError.
 * Threads: pure functions.
 */
#include "object/errors.h"
#include "object/native.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/complex.h"
#include "types/float.h"
#include "types/module.h"
#include "types/tuple.h"

#include <complex.h>

static constexpr double pi = 0x1.921fb54442d18p+1, e = 0x1.5bf0a8b145769p+1;

static double complex complex_of(double real, double imag) { return __builtin_complex(real, imag); }

static Value range_error(Thread *t) { return raise_overflow_error(t, "math range error"); }
static Value domain_error(Thread *t) { return raise_value_error(t, "math domain error"); }

static bool number(Thread *t, Value v, double complex *out) {
    double real, imag;
    if (!complex_from_object(t, v, &real, &imag))
        return false;
    *out = complex_of(real, imag);
    return true;
}

static Value from_complex(Thread *t, double complex z) { return complex_new(t, creal(z), cimag(z)); }

static bool is_finite(double complex z) { return isfinite(creal(z)) && isfinite(cimag(z)); }
static bool is_infinite(double complex z) { return isinf(creal(z)) || isinf(cimag(z)); }

/* The arguments for which a function has neither a value nor a limit. */
typedef bool Undefined(double complex z);
static bool nowhere(double complex z) { return false; }
static bool at_zero(double complex z) { return creal(z) == 0 && cimag(z) == 0; }
static bool at_one(double complex z) { return fabs(creal(z)) == 1 && cimag(z) == 0; }
static bool without_phase(double complex z) { return isinf(cimag(z)) && !isnan(creal(z)); }
static bool without_phase_unless_zero(double complex z) { return without_phase(z) && creal(z) != -INFINITY; }
static bool without_phase_unless_infinite(double complex z) { return isinf(cimag(z)) && isfinite(creal(z)); }
/* The trigonometric functions are the hyperbolic ones of i*z. */
static double complex turned(double complex z) { return complex_of(-cimag(z), creal(z)); }
static bool at_one_turned(double complex z) { return at_one(turned(z)); }
static bool without_phase_turned(double complex z) { return without_phase(turned(z)); }
static bool without_phase_unless_infinite_turned(double complex z) { return without_phase_unless_infinite(turned(z)); }

static Value apply(Thread *t, Value argument, double complex (*function)(double complex), Undefined *undefined) {
    double complex z;
    CHECK(number(t, argument, &z));
    if (undefined(z))
        return domain_error(t);
    double complex r = function(z);
    return is_infinite(r) && is_finite(z) ? range_error(t) : from_complex(t, r);
}

#define FUNCTION(name, undefined) \
    static Value cmath_##name(Thread *t, Value *args) { return apply(t, args[0], c##name, undefined); }
FUNCTION(acos, nowhere)
FUNCTION(acosh, nowhere)
FUNCTION(asin, nowhere)
FUNCTION(asinh, nowhere)
FUNCTION(atan, at_one_turned)
FUNCTION(atanh, at_one)
FUNCTION(cos, without_phase_turned)
FUNCTION(cosh, without_phase)
FUNCTION(exp, without_phase_unless_zero)
FUNCTION(log10, at_zero)
FUNCTION(sin, without_phase_turned)
FUNCTION(sinh, without_phase)
FUNCTION(sqrt, nowhere)
FUNCTION(tan, without_phase_unless_infinite_turned)
FUNCTION(tanh, without_phase_unless_infinite)
#undef FUNCTION

static Value log_(Thread *t, Value *args) {
    double complex z, base;
    CHECK(number(t, args[0], &z));
    if (absent(args[1]))
        return at_zero(z) ? domain_error(t) : from_complex(t, clog(z));
    CHECK(number(t, args[1], &base));
    if (at_zero(z) || at_zero(base) || at_zero(clog(base)))
        return domain_error(t);
    z = clog(z);
    base = clog(base);
    double quotient[2];
    complex_quotient((double[]){creal(z), cimag(z)}, (double[]){creal(base), cimag(base)}, quotient);
    return complex_new(t, quotient[0], quotient[1]);
}

static Value isclose_(Thread *t, Value *args) {
    double complex a, b;
    double relative, absolute;
    CHECK(number(t, args[0], &a) && number(t, args[1], &b));
    CHECK(to_double(t, args[2], &relative) && to_double(t, args[3], &absolute));
    if (relative < 0 || absolute < 0)
        return raise_value_error(t, "tolerances must be non-negative");
    if (creal(a) == creal(b) && cimag(a) == cimag(b))
        return TRUE;
    if (is_infinite(a) || is_infinite(b))
        return FALSE;
    double difference = cabs(a - b);
    return from_bool(difference <= relative * cabs(b) || difference <= relative * cabs(a) || difference <= absolute);
}

static Value isfinite_(Thread *t, Value *args) {
    double complex z;
    CHECK(number(t, args[0], &z));
    return from_bool(is_finite(z));
}

static Value isinf_(Thread *t, Value *args) {
    double complex z;
    CHECK(number(t, args[0], &z));
    return from_bool(is_infinite(z));
}

static Value isnan_(Thread *t, Value *args) {
    double complex z;
    CHECK(number(t, args[0], &z));
    return from_bool(isnan(creal(z)) || isnan(cimag(z)));
}

static Value phase_(Thread *t, Value *args) {
    double complex z;
    CHECK(number(t, args[0], &z));
    return float_from_double(t, carg(z));
}

static Value polar_(Thread *t, Value *args) {
    double complex z;
    CHECK(number(t, args[0], &z));
    double length = cabs(z);
    if (isinf(length) && is_finite(z))
        return range_error(t);
    Value r = TRY(float_from_double(t, length));
    Value phi = TRY(float_from_double(t, carg(z)));
    return tuple_pack(t, 2, r, phi);
}

/* A zero part stays zero when the length is infinite. */
static double complex from_polar(double r, double phi) {
    if (phi == 0)
        return complex_of(r, copysign(1, r) * phi);
    if (isinf(r) && isfinite(phi))
        return complex_of(copysign(INFINITY, r * cos(phi)), copysign(INFINITY, r * sin(phi)));
    if (isinf(r))
        return complex_of(INFINITY, NAN);
    return complex_of(r * cos(phi), r * sin(phi));
}

static Value rect_(Thread *t, Value *args) {
    double r, phi;
    CHECK(to_double(t, args[0], &r) && to_double(t, args[1], &phi));
    if (isinf(phi) && r != 0 && !isnan(r))
        return domain_error(t);
    return from_complex(t, r == 0 && !isfinite(phi) ? complex_of(0, 0) : from_polar(r, phi));
}

static const NativeDef functions[] = {
    {"acos(z, /)", cmath_acos, "Arc cosine, in radians."},
    {"acosh(z, /)", cmath_acosh, "Inverse hyperbolic cosine."},
    {"asin(z, /)", cmath_asin, "Arc sine, in radians."},
    {"asinh(z, /)", cmath_asinh, "Inverse hyperbolic sine."},
    {"atan(z, /)", cmath_atan, "Arc tangent, in radians."},
    {"atanh(z, /)", cmath_atanh, "Inverse hyperbolic tangent."},
    {"cos(z, /)", cmath_cos, "Cosine, of radians."},
    {"cosh(z, /)", cmath_cosh, "Hyperbolic cosine."},
    {"exp(z, /)", cmath_exp, "e to the power z."},
    {"isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose_, "Is the distance of the two numbers small?"},
    {"isfinite(z, /)", isfinite_, "Are both parts finite?"},
    {"isinf(z, /)", isinf_, "Is either part infinite?"},
    {"isnan(z, /)", isnan_, "Is either part NaN?"},
    {"log(z, base=<unrepresentable>, /)", log_, "Logarithm to the base (e)."},
    {"log10(z, /)", cmath_log10, "Logarithm to the base 10."},
    {"phase(z, /)", phase_, "The angle to the positive real axis, in radians from -pi to pi."},
    {"polar(z, /)", polar_, "(r, phi): the distance from 0 and the angle in radians."},
    {"rect(r, phi, /)", rect_, "The number at that distance from 0 and that angle in radians."},
    {"sin(z, /)", cmath_sin, "Sine, of radians."},
    {"sinh(z, /)", cmath_sinh, "Hyperbolic sine."},
    {"sqrt(z, /)", cmath_sqrt, "Square root, with a real part that is not negative."},
    {"tan(z, /)", cmath_tan, "Tangent, of radians."},
    {"tanh(z, /)", cmath_tanh, "Hyperbolic tangent."},
    {NULL, NULL, NULL, 0},
};

static bool init(Thread *t, Value module) {
    return module_add(t, module, "pi", float_from_double(t, pi)) && module_add(t, module, "e", float_from_double(t, e)) &&
           module_add(t, module, "tau", float_from_double(t, 2 * pi)) &&
           module_add(t, module, "inf", float_from_double(t, INFINITY)) &&
           module_add(t, module, "infj", complex_new(t, 0, INFINITY)) &&
           module_add(t, module, "nan", float_from_double(t, NAN)) &&
           module_add(t, module, "nanj", complex_new(t, 0, NAN));
}

NATIVE_MODULE(cmath) = {
    .name = "cmath",
    .doc = "Functions of complex numbers.",
    .functions = functions,
    .init = init,
};
