/* complex: arithmetic after C's Annex G (infinities survive a NaN beside them), and methods.
 *
 * A real operand is not first turned into a complex one: the imaginary part keeps its sign of zero that way.
 * Threads: immutable.
 */
#include "types/complex.h"

#include "base/dtoa.h"
#include "base/hash.h"
#include "heap/safepoint.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/numeric_text.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <errno.h>

typedef struct Complex {
    double real, imag;
} Complex;

Value complex_new(Thread *t, double real, double imag) {
    ComplexObject *o = heap_try_allocate(t, &complex_type, sizeof(ComplexObject));
    if (unlikely(o == NULL)) {
        o = heap_allocate(t, &complex_type, sizeof(ComplexObject));
        if (o == NULL)
            return NO_VALUE;
    }
    o->real = real;
    o->imag = imag;
    return from_object(o);
}

static Value from_complex(Thread *t, Complex c) { return complex_new(t, c.real, c.imag); }
static Complex complex_value(Value v) { return (Complex){as_complex(v)->real, as_complex(v)->imag}; }

/* Infinite parts become +-1, others +-0: the direction in which an infinite number lies. */
static Complex direction(Complex c) {
    return (Complex){copysign(isinf(c.real) ? 1.0 : 0.0, c.real), copysign(isinf(c.imag) ? 1.0 : 0.0, c.imag)};
}
static double nan_to_zero(double d) { return isnan(d) ? copysign(0.0, d) : d; }
static Complex without_nan(Complex c) { return (Complex){nan_to_zero(c.real), nan_to_zero(c.imag)}; }
static bool is_infinite(Complex c) { return isinf(c.real) || isinf(c.imag); }
static bool is_finite(Complex c) { return isfinite(c.real) && isfinite(c.imag); }

static Complex product(Complex z, Complex w) {
    double ac = z.real * w.real, bd = z.imag * w.imag, ad = z.real * w.imag, bc = z.imag * w.real;
    Complex r = {ac - bd, ad + bc};
    if (likely(!isnan(r.real) || !isnan(r.imag)))
        return r;
    bool again = false;
    if (is_infinite(z)) {
        z = direction(z);
        w = without_nan(w);
        again = true;
    }
    if (is_infinite(w)) {
        w = direction(w);
        z = without_nan(z);
        again = true;
    }
    if (!again && (isinf(ac) || isinf(bd) || isinf(ad) || isinf(bc))) {
        z = without_nan(z);
        w = without_nan(w);
        again = true;
    }
    if (again)
        r = (Complex){INFINITY * (z.real * w.real - z.imag * w.imag), INFINITY * (z.real * w.imag + z.imag * w.real)};
    return r;
}

/* Smith's algorithm. errno EDOM: the divisor is zero. */
static Complex quotient(Complex a, Complex b, bool real_dividend) {
    double abs_real = fabs(b.real), abs_imag = fabs(b.imag);
    Complex r;
    if (abs_real >= abs_imag) {
        if (abs_real == 0) {
            errno = EDOM;
            return (Complex){0, 0};
        }
        double ratio = b.imag / b.real, denominator = b.real + b.imag * ratio;
        r.real = (real_dividend ? a.real : a.real + a.imag * ratio) / denominator;
        r.imag = (real_dividend ? -a.real * ratio : a.imag - a.real * ratio) / denominator;
    } else if (abs_imag >= abs_real) {
        double ratio = b.real / b.imag, denominator = b.real * ratio + b.imag;
        r.real = (real_dividend ? a.real * ratio : a.real * ratio + a.imag) / denominator;
        r.imag = (real_dividend ? -a.real : a.imag * ratio - a.real) / denominator;
    } else {
        r = (Complex){NAN, NAN}; /* a part of b is NaN */
    }
    if (likely(!isnan(r.real) || !isnan(r.imag)))
        return r;
    if (!real_dividend && is_infinite(a) && is_finite(b)) {
        Complex d = direction(a);
        return (Complex){INFINITY * (d.real * b.real + d.imag * b.imag), INFINITY * (d.imag * b.real - d.real * b.imag)};
    }
    if (is_infinite(b) && is_finite(a)) {
        Complex d = direction(b);
        if (real_dividend)
            return (Complex){0.0 * (a.real * d.real), 0.0 * (-a.real * d.imag)};
        return (Complex){0.0 * (a.real * d.real + a.imag * d.imag), 0.0 * (a.imag * d.real - a.real * d.imag)};
    }
    return r;
}

void complex_quotient(const double dividend[2], const double divisor[2], double out[2]) {
    Complex q = quotient((Complex){dividend[0], dividend[1]}, (Complex){divisor[0], divisor[1]}, false);
    out[0] = q.real;
    out[1] = q.imag;
}

static Complex integer_power(Complex x, long n) {
    Complex r = {1, 0}, p = x;
    for (unsigned long rest = n < 0 ? -(unsigned long)n : (unsigned long)n; rest; rest >>= 1) {
        if (rest & 1)
            r = product(r, p);
        if (rest > 1)
            p = product(p, p);
    }
    return n > 0 ? r : quotient((Complex){1, 0}, r, false);
}

static Complex general_power(Complex a, Complex b) {
    if (b.real == 0 && b.imag == 0)
        return (Complex){1, 0};
    if (a.real == 0 && a.imag == 0) {
        if (b.imag != 0 || b.real < 0)
            errno = EDOM;
        return (Complex){0, 0};
    }
    double modulus = hypot(a.real, a.imag), length = pow(modulus, b.real);
    double angle = atan2(a.imag, a.real), phase = angle * b.real;
    if (b.imag != 0) {
        length *= exp(-angle * b.imag);
        phase += b.imag * log(modulus);
    }
    return (Complex){length * cos(phase), length * sin(phase)};
}

Value complex_power(Thread *t, double x_real, double x_imag, double y_real, double y_imag) {
    Complex a = {x_real, x_imag}, b = {y_real, y_imag};
    errno = 0;
    bool integer = b.imag == 0 && b.real == floor(b.real) && fabs(b.real) <= 100;
    Complex r = integer ? integer_power(a, (long)b.real) : general_power(a, b);
    if (is_infinite(r))
        errno = ERANGE;
    else if (errno == ERANGE)
        errno = 0;
    if (errno == EDOM)
        return raise_error(t, &ZeroDivisionError_type, "zero to a negative or complex power");
    if (errno == ERANGE)
        return raise_overflow_error(t, "complex exponentiation");
    return from_complex(t, r);
}

/* An operand of arithmetic: 2 complex, 1 real (imag 0), 0 something else, -1 error. */
static int operand(Thread *t, Value v, Complex *out) {
    bool exact_float = is_exactly(v, &float_type);
    if (!exact_float && is_complex(v)) {
        *out = complex_value(v);
        return 2;
    }
    out->imag = 0;
    if (exact_float || is_float(v)) {
        out->real = float_value(v);
        return 1;
    }
    if (!is_int(v))
        return 0;
    return int_as_double(t, v, &out->real) ? 1 : -1;
}

#define OPERANDS(a, b)                                                     \
    Complex x, y;                                                          \
    int x_kind = operand(t, a, &x), y_kind = x_kind > 0 ? operand(t, b, &y) : x_kind; \
    if (x_kind <= 0 || y_kind <= 0)                                        \
    return x_kind < 0 || y_kind < 0 ? NO_VALUE : NOT_IMPLEMENTED

static Value add_(Thread *t, Value a, Value b) {
    OPERANDS(a, b);
    double imag = x_kind == 1 ? y.imag : y_kind == 1 ? x.imag : x.imag + y.imag;
    return complex_new(t, x.real + y.real, imag);
}

static Value sub_(Thread *t, Value a, Value b) {
    OPERANDS(a, b);
    double imag = x_kind == 1 ? -y.imag : y_kind == 1 ? x.imag : x.imag - y.imag;
    return complex_new(t, x.real - y.real, imag);
}

static Value mul_(Thread *t, Value a, Value b) {
    OPERANDS(a, b);
    if (x_kind == 1)
        return complex_new(t, x.real * y.real, x.real * y.imag);
    if (y_kind == 1)
        return complex_new(t, x.real * y.real, x.imag * y.real);
    return from_complex(t, product(x, y));
}

static Value truediv_(Thread *t, Value a, Value b) {
    OPERANDS(a, b);
    if (y.real == 0 && y.imag == 0)
        return raise_error(t, &ZeroDivisionError_type, "division by zero");
    if (y_kind == 1)
        return complex_new(t, x.real / y.real, x.imag / y.real);
    return from_complex(t, quotient(x, y, x_kind == 1));
}

static Value pow_of(Thread *t, Value a, Value b, Value modulus) {
    OPERANDS(a, b);
    if (present(modulus) && !is_none(modulus))
        return raise_value_error(t, "complex modulo");
    return complex_power(t, x.real, x.imag, y.real, y.imag);
}

#define BINARY(name)                                                                           \
    static Value name(Thread *t, Value *args) { return name##_(t, args[0], args[1]); }         \
    static Value reflected_##name(Thread *t, Value *args) { return name##_(t, args[1], args[0]); }
BINARY(add)
BINARY(sub)
BINARY(mul)
BINARY(truediv)
#undef BINARY
static Value power_(Thread *t, Value *args) { return pow_of(t, args[0], args[1], args[2]); }
static Value reflected_power(Thread *t, Value *args) { return pow_of(t, args[1], args[0], args[2]); }

/* 1, 0; -1: NotImplemented. */
static int equals(Thread *t, Value self, Value other) {
    Complex x = complex_value(self);
    if (is_complex(other))
        return x.real == as_complex(other)->real && x.imag == as_complex(other)->imag;
    if (is_float(other))
        return x.imag == 0 && x.real == float_value(other);
    if (is_int(other))
        return x.imag == 0 && !isnan(x.real) && float_compare_int(t, x.real, other) == 0;
    return -1;
}

static Value eq(Thread *t, Value *args) {
    int result = equals(t, args[0], args[1]);
    return result < 0 ? NOT_IMPLEMENTED : from_bool(result);
}
static Value ne(Thread *t, Value *args) {
    int result = equals(t, args[0], args[1]);
    return result < 0 ? NOT_IMPLEMENTED : from_bool(!result);
}
static Value unordered(Thread *t, Value *args) { return NOT_IMPLEMENTED; }

static Value neg(Thread *t, Value *args) {
    return complex_new(t, -as_complex(args[0])->real, -as_complex(args[0])->imag);
}
static Value self_exact(Thread *t, Value *args) {
    return is_exactly(args[0], &complex_type) ? args[0] : from_complex(t, complex_value(args[0]));
}
static Value conjugate(Thread *t, Value *args) {
    return complex_new(t, as_complex(args[0])->real, -as_complex(args[0])->imag);
}
static Value bool_(Thread *t, Value *args) {
    return from_bool(as_complex(args[0])->real != 0 || as_complex(args[0])->imag != 0);
}

static Value abs_(Thread *t, Value *args) {
    Complex c = complex_value(args[0]);
    double result = hypot(c.real, c.imag);
    if (isinf(result) && is_finite(c))
        return raise_overflow_error(t, "absolute value too large");
    return float_from_double(t, result);
}

static Value hash(Thread *t, Value *args) {
    Complex c = complex_value(args[0]);
    uint64_t h = (uint64_t)float_hash(c.real, args[0]) + HASH_IMAGINARY * (uint64_t)float_hash(c.imag, args[0]);
    return int_from(t, h == UINT64_MAX ? -2 : (int64_t)h);
}

static Value repr_(Thread *t, Value *args) {
    Complex c = complex_value(args[0]);
    TextBuf text;
    textbuf_init(&text);
    if (c.real == 0 && !signbit(c.real)) {
        double_format(&text, c.imag, 'r', 0, 0);
        textbuf_byte(&text, 'j');
    } else {
        textbuf_byte(&text, '(');
        double_format(&text, c.real, 'r', 0, 0);
        double_format(&text, c.imag, 'r', 0, DOUBLE_SIGN);
        textbuf_text(&text, "j)");
    }
    Value v = str_from_ascii(t, text.data, text.size);
    textbuf_free(&text);
    return v;
}

static Value get_real(Thread *t, Value *args) { return float_from_double(t, as_complex(args[0])->real); }
static Value get_imag(Thread *t, Value *args) { return float_from_double(t, as_complex(args[0])->imag); }

static Value getnewargs(Thread *t, Value *args) {
    Value real = TRY(get_real(t, args)), imag = TRY(get_imag(t, args));
    return tuple_pack(t, 2, real, imag);
}

static Value format(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "__format__() argument must be str, not %Y", args[1]);
    return format_complex(t, args[0], args[1]);
}

static Value instance(Thread *t, Type *type, Complex c) {
    if (type == &complex_type)
        return from_complex(t, c);
    ComplexObject *o = type_allocate(t, type);
    if (o == NULL)
        return NO_VALUE;
    o->real = c.real;
    o->imag = c.imag;
    return from_object(o);
}

/* [sign] j | number | number j | number sign [number] j */
static bool parse_parts(const char *s, const char *end, Complex *out) {
    size_t n = double_parse(s, (size_t)(end - s), &out->real);
    s += n;
    *out = (Complex){n ? out->real : 0.0, 0.0};
    if (n && s == end)
        return true;
    if (n && (*s | 0x20) == 'j') {
        *out = (Complex){0.0, out->real};
        return s + 1 == end;
    }
    if (n && *s != '+' && *s != '-')
        return false;
    size_t m = n ? double_parse(s, (size_t)(end - s), &out->imag) : 0;
    if (m == 0) {
        out->imag = s < end && *s == '-' ? -1.0 : 1.0;
        m = s < end && (*s == '-' || *s == '+');
    }
    s += m;
    return s + 1 == end && (*s | 0x20) == 'j';
}

static bool parse(const char *s, size_t length, Complex *out) {
    const char *end = s + length;
    while (s < end && is_number_space(*s))
        s++;
    while (s < end && is_number_space(end[-1]))
        end--;
    if (s < end && *s == '(') {
        if (end[-1] != ')' || end - s < 2)
            return false;
        s++;
        end--;
        while (s < end && is_number_space(*s))
            s++;
        while (s < end && is_number_space(end[-1]))
            end--;
    }
    return s < end && parse_parts(s, end, out);
}

static bool from_str(Thread *t, Value str, Complex *out) {
    TextBuf text, plain;
    textbuf_init(&text);
    textbuf_init(&plain);
    bool ok = numeric_text(t, str, &text);
    if (ok && memchr(text.data, '_', text.size)) {
        ok = numeric_drop_underscores(text.data, text.size, &plain) && parse(plain.data, plain.size, out);
    } else if (ok) {
        ok = parse(text.data, text.size, out);
    }
    textbuf_free(&text);
    textbuf_free(&plain);
    if (!ok && !error_pending(t))
        raise_value_error(t, "complex() arg is a malformed string");
    return ok;
}

/* What __complex__ gives, for all but exact complex. 1, 0: has none, -1: error. */
static int from_special_method(Thread *t, Value v, Complex *out) {
    if (is_exactly(v, &complex_type) || !is_object(v))
        return 0;
    Value method = type_lookup_special(t, v, names.dunder_complex);
    if (absent(method))
        return error_pending(t) ? -1 : 0;
    Value result = call_0(t, method);
    if (absent(result))
        return -1;
    if (!is_complex(result)) {
        raise_type_error(t, "__complex__ returned non-complex (type %T)", result);
        return -1;
    }
    if (!is_exactly(result, &complex_type) &&
        !warn(t, &DeprecationWarning_type, 1,
              "__complex__ returned non-complex (type %T).  The ability to return an instance of a strict subclass "
              "of complex is deprecated, and may be removed in a future version of Python.",
              result))
        return -1;
    *out = complex_value(result);
    return 1;
}

bool complex_from_object(Thread *t, Value v, double *real, double *imag) {
    Complex c = {0, 0};
    if (is_exactly(v, &complex_type)) {
        c = complex_value(v);
    } else {
        int special = from_special_method(t, v, &c);
        if (special < 0)
            return false;
        if (!special && is_complex(v))
            c = complex_value(v);
        else if (!special && !to_double(t, v, &c.real))
            return false;
    }
    *real = c.real;
    *imag = c.imag;
    return true;
}

static bool is_real_number(Value v) {
    Type *type = type_of(v);
    return present(type_lookup(type, names.__float__)) || present(type_lookup(type, names.__index__));
}

static Value from_one(Thread *t, Type *type, Value v) {
    Complex c = {0, 0};
    if (type == &complex_type && is_exactly(v, &complex_type))
        return v;
    if (is_str(v)) {
        CHECK(from_str(t, v, &c));
        return instance(t, type, c);
    }
    if (!is_complex(v) && !is_real_number(v) && absent(type_lookup(type_of(v), names.dunder_complex)))
        return raise_type_error(t, "complex() argument must be a string or a number, not %T", v);
    CHECK(complex_from_object(t, v, &c.real, &c.imag));
    return instance(t, type, c);
}

/* The parts may themselves be complex, though that is deprecated. */
static Value from_parts(Thread *t, Type *type, Value real, Value imag) {
    Complex r = {0, 0}, i = {0, 0};
    int special = from_special_method(t, real, &r);
    CHECK(special >= 0);
    bool real_is_complex = special || is_complex(real), imag_is_complex = is_complex(imag);
    if (!real_is_complex && !is_real_number(real))
        return raise_type_error(t, "complex() argument 'real' must be a real number, not %T", real);
    if (!imag_is_complex && !is_real_number(imag))
        return raise_type_error(t, "complex() argument 'imag' must be a real number, not %T", imag);
    if (real_is_complex) {
        if (!special)
            r = complex_value(real);
        CHECK(warn(t, &DeprecationWarning_type, 1, "complex() argument 'real' must be a real number, not %T", real));
    } else {
        CHECK(to_double(t, real, &r.real));
    }
    if (imag_is_complex) {
        i = complex_value(imag);
        CHECK(warn(t, &DeprecationWarning_type, 1, "complex() argument 'imag' must be a real number, not %T", imag));
        r.real -= i.imag;
    } else {
        CHECK(to_double(t, imag, &i.real));
    }
    return instance(t, type, (Complex){r.real, real_is_complex ? i.real + r.imag : i.real});
}

static Value new(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    bool real_is_named = present(args[1]) && same(args[3], small_int(0));
    if (present(args[2]) || real_is_named)
        return from_parts(t, type, absent(args[1]) ? small_int(0) : args[1], present(args[2]) ? args[2] : small_int(0));
    return absent(args[1]) ? instance(t, type, (Complex){0, 0}) : from_one(t, type, args[1]);
}

static Value from_number(Thread *t, Value *args) {
    if (as_type(args[0]) == &complex_type && is_exactly(args[1], &complex_type))
        return args[1];
    Complex c;
    CHECK(complex_from_object(t, args[1], &c.real, &c.imag));
    Value v = TRY(from_complex(t, c));
    return as_type(args[0]) == &complex_type ? v : call_1(t, args[0], v);
}

static const NativeDef methods[] = {
    {"__new__(type, real=<unrepresentable>, imag=<unrepresentable>)", new, NULL, NATIVE_POSITIONAL_GIVEN},
    {"__repr__(self, /)", repr_, NULL},
    {"__hash__(self, /)", hash, NULL},
    {"__eq__(self, value, /)", eq, NULL},
    {"__ne__(self, value, /)", ne, NULL},
    {"__lt__(self, value, /)", unordered, NULL},
    {"__le__(self, value, /)", unordered, NULL},
    {"__gt__(self, value, /)", unordered, NULL},
    {"__ge__(self, value, /)", unordered, NULL},
    {"__add__(self, value, /)", add, NULL},
    {"__radd__(self, value, /)", reflected_add, NULL},
    {"__sub__(self, value, /)", sub, NULL},
    {"__rsub__(self, value, /)", reflected_sub, NULL},
    {"__mul__(self, value, /)", mul, NULL},
    {"__rmul__(self, value, /)", reflected_mul, NULL},
    {"__pow__(self, value, mod=None, /)", power_, NULL},
    {"__rpow__(self, value, mod=None, /)", reflected_power, NULL},
    {"__neg__(self, /)", neg, NULL},
    {"__pos__(self, /)", self_exact, NULL},
    {"__abs__(self, /)", abs_, NULL},
    {"__bool__(self, /)", bool_, NULL},
    {"__truediv__(self, value, /)", truediv, NULL},
    {"__rtruediv__(self, value, /)", reflected_truediv, NULL},
    {"from_number(type, number, /)", from_number, "A number as a complex; text is refused.", NATIVE_CLASS},
    {"conjugate(self, /)", conjugate, "The complex with the imaginary part's sign turned round."},
    {"__complex__(self, /)", self_exact, "The value as exactly a complex."},
    {"__getnewargs__(self, /)", getnewargs, NULL},
    {"__format__(self, format_spec, /)", format, "The complex as text, by the format mini-language."},
    {NULL, NULL, NULL, 0},
};

static const GetSetDef getset[] = {
    {"real", get_real, NULL, "the real part of a complex number", MEMBER},
    {"imag", get_imag, NULL, "the imaginary part of a complex number", MEMBER},
    {NULL, NULL, NULL, NULL},
};

STATIC_TYPE(complex_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "complex",
    .signature = "(real=0, imag=0)",
    .doc = "A complex number from the text of one, from one number, or from its real and\n"
           "imaginary parts.",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(ComplexObject),
};
