/* float: arithmetic, comparison and methods.
 *
 * Most floats are immediates (object/value.h); the others, NaN and instances of subclasses among them, are
 * FloatObjects. Threads: immutable.
 */
#include "types/float.h"

#include "base/hash.h"
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/complex.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

Value float_box(Thread *t, double d) {
    FloatObject *o = heap_allocate_leaf(t, &float_type, sizeof(FloatObject));
    if (o == NULL)
        return NO_VALUE;
    o->value = d;
    return from_object(o);
}

int64_t float_hash(double d, Value self) { return isnan(d) ? hash_pointer(as_object(self)) : hash_double(d); }

/* 1: the operand's value; 0: not a real number that float knows; -1: OverflowError. */
static inline int operand(Thread *t, Value v, double *out) {
    if (likely(is_float(v))) {
        *out = float_value(v);
        return 1;
    }
    if (!is_int(v))
        return 0;
    return int_as_double(t, v, out) ? 1 : -1;
}

#define OPERANDS(a, b)                                                     \
    double x, y;                                                           \
    int known = operand(t, a, &x);                                         \
    if (unlikely(known <= 0))                                              \
        return known < 0 ? NO_VALUE : NOT_IMPLEMENTED;                     \
    known = operand(t, b, &y);                                             \
    if (unlikely(known <= 0))                                              \
        return known < 0 ? NO_VALUE : NOT_IMPLEMENTED

void float_divmod(double x, double y, double *quotient, double *remainder) {
    double mod = fmod(x, y), div = (x - mod) / y;
    if (mod != 0) {
        if ((y < 0) != (mod < 0)) {
            mod += y;
            div -= 1.0;
        }
    } else {
        mod = copysign(0.0, y);
    }
    if (div != 0) {
        *quotient = floor(div);
        if (div - *quotient > 0.5)
            *quotient += 1.0;
    } else {
        *quotient = copysign(0.0, x / y);
    }
    *remainder = mod;
}

static Value division_by_zero(Thread *t) {
    return raise_error(t, &ZeroDivisionError_type, "division by zero");
}

#define BINARY(name, expression)                                           \
    static Value name(Thread *t, Value *args) {                            \
        OPERANDS(args[0], args[1]);                                        \
        return float_from_double(t, expression);                           \
    }                                                                      \
    static Value reflected_##name(Thread *t, Value *args) {                \
        OPERANDS(args[1], args[0]);                                        \
        return float_from_double(t, expression);                           \
    }
BINARY(add, x + y)
BINARY(sub, x - y)
BINARY(mul, x *y)
#undef BINARY

typedef enum Division { TRUEDIV, FLOORDIV, MOD, DIVMOD } Division;

static Value divide(Thread *t, Division kind, Value a, Value b) {
    OPERANDS(a, b);
    if (unlikely(y == 0))
        return division_by_zero(t);
    if (kind == TRUEDIV)
        return float_from_double(t, x / y);
    double quotient, remainder;
    float_divmod(x, y, &quotient, &remainder);
    if (kind == FLOORDIV)
        return float_from_double(t, quotient);
    if (kind == MOD)
        return float_from_double(t, remainder);
    Value q = TRY(float_from_double(t, quotient)), r = TRY(float_from_double(t, remainder));
    return tuple_pack(t, 2, q, r);
}

#define DIVISION(name, kind)                                                                              \
    static Value name(Thread *t, Value *args) { return divide(t, kind, args[0], args[1]); }               \
    static Value reflected_##name(Thread *t, Value *args) { return divide(t, kind, args[1], args[0]); }
DIVISION(truediv, TRUEDIV)
DIVISION(floordiv, FLOORDIV)
DIVISION(mod, MOD)
DIVISION(divmod_, DIVMOD)
#undef DIVISION

Value float_power(Thread *t, double x, double y) {
    if (x == 0 && y < 0 && !isinf(y))
        return raise_error(t, &ZeroDivisionError_type, "zero to a negative power");
    if (x < 0 && isfinite(x) && isfinite(y) && y != floor(y))
        return complex_power(t, x, 0.0, y, 0.0);
    double result = pow(x, y);
    if (isinf(result) && isfinite(x) && isfinite(y)) {
        Value text = TRY(str_from_text(t, "Numerical result out of range"));
        return raise_with_args(t, &OverflowError_type, 2, (Value[]){small_int(34), text});
    }
    return float_from_double(t, result);
}

static Value pow_of(Thread *t, Value a, Value b, Value modulus) {
    if (present(modulus) && !is_none(modulus))
        return raise_type_error(t, "pow() 3rd argument not allowed unless all arguments are integers");
    OPERANDS(a, b);
    return float_power(t, x, y);
}
static Value pow_(Thread *t, Value *args) { return pow_of(t, args[0], args[1], args[2]); }
static Value reflected_pow(Thread *t, Value *args) { return pow_of(t, args[1], args[0], args[2]); }

int float_compare_int(Thread *t, double d, Value i) {
    int64_t word;
    if (isinf(d))
        return d > 0 ? 1 : -1;
    if (int_to_i64(i, &word) && fabs(d) < 0x1p62) {
        int64_t whole = (int64_t)d;
        if (whole != word)
            return whole < word ? -1 : 1;
        double rest = d - (double)whole; /* exact */
        return (rest > 0) - (rest < 0);
    }
    int sign = int_sign(i), own = (d > 0) - (d < 0);
    if (sign != own)
        return own < sign ? -1 : 1;
    int exponent;
    frexp(d, &exponent);
    uint64_t bits = int_bit_length(i);
    if (exponent < 0 || (uint64_t)exponent != bits)
        return (exponent < 0 || (uint64_t)exponent < bits) ? -sign : sign;
    Value whole = int_from_double(t, d); /* beyond 2^53 a double has no fraction */
    if (absent(whole)) {
        error_clear(t);
        return 1;
    }
    int order = int_compare(whole, i);
    double rest = d - trunc(d);
    return order ? order : (rest > 0) - (rest < 0);
}

#define COMPARISON(name, operator)                                                       \
    static Value name(Thread *t, Value *args) {                                          \
        double x = float_value(args[0]);                                                 \
        if (likely(is_float(args[1])))                                                   \
            return from_bool(x operator float_value(args[1]));                           \
        if (!is_int(args[1]))                                                            \
            return NOT_IMPLEMENTED;                                                      \
        if (isnan(x))                                                                    \
            return from_bool(x operator 0.0);                                            \
        return from_bool(float_compare_int(t, x, args[1]) operator 0);                   \
    }
COMPARISON(eq, ==)
COMPARISON(ne, !=)
COMPARISON(lt, <)
COMPARISON(le, <=)
COMPARISON(gt, >)
COMPARISON(ge, >=)
#undef COMPARISON

static Value neg(Thread *t, Value *args) { return float_from_double(t, -float_value(args[0])); }
static Value abs_(Thread *t, Value *args) { return float_from_double(t, fabs(float_value(args[0]))); }
static Value self_exact(Thread *t, Value *args) {
    return is_exactly(args[0], &float_type) ? args[0] : float_from_double(t, float_value(args[0]));
}
static Value bool_(Thread *t, Value *args) { return from_bool(float_value(args[0]) != 0); }
static Value hash(Thread *t, Value *args) { return int_from(t, float_hash(float_value(args[0]), args[0])); }
static Value repr_(Thread *t, Value *args) { return float_repr(t, float_value(args[0])); }
static Value trunc_(Thread *t, Value *args) { return int_from_double(t, float_value(args[0])); }
static Value floor_(Thread *t, Value *args) { return int_from_double(t, floor(float_value(args[0]))); }
static Value ceil_(Thread *t, Value *args) { return int_from_double(t, ceil(float_value(args[0]))); }
static Value get_zero(Thread *t, Value *args) { return float_from_double(t, 0.0); }

static Value round_(Thread *t, Value *args) {
    double x = float_value(args[0]);
    if (is_none(args[1]))
        return int_from_double(t, rint(x));
    int64_t ndigits;
    CHECK(index_as_ssize(t, args[1], &ndigits, true, NULL));
    return float_round(t, x, ndigits);
}

static Value as_integer_ratio(Thread *t, Value *args) {
    double x = float_value(args[0]);
    if (isnan(x))
        return raise_value_error(t, "cannot convert NaN to integer ratio");
    if (isinf(x))
        return raise_overflow_error(t, "cannot convert Infinity to integer ratio");
    int exponent;
    double mantissa = frexp(x, &exponent);
    for (int i = 0; i < 300 && mantissa != floor(mantissa); i++) {
        mantissa *= 2.0;
        exponent--;
    }
    Value numerator = TRY(int_from_double(t, mantissa)), denominator = small_int(1);
    if (exponent > 0)
        numerator = TRY(int_lshift(t, numerator, small_int(exponent)));
    else
        denominator = TRY(int_lshift(t, denominator, small_int(-exponent)));
    return tuple_pack(t, 2, numerator, denominator);
}

static Value is_integer(Thread *t, Value *args) {
    double x = float_value(args[0]);
    return from_bool(isfinite(x) && floor(x) == x);
}

static Value hex(Thread *t, Value *args) { return float_hex(t, float_value(args[0])); }

static Value fromhex(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "bad argument type for built-in operation");
    Value v = TRY(float_from_hex(t, args[1]));
    return as_type(args[0]) == &float_type ? v : call_1(t, args[0], v);
}

static Value from_number(Thread *t, Value *args) {
    if (as_type(args[0]) == &float_type && is_exactly(args[1], &float_type))
        return args[1];
    double d;
    CHECK(to_double(t, args[1], &d));
    Value v = TRY(float_from_double(t, d));
    return as_type(args[0]) == &float_type ? v : call_1(t, args[0], v);
}

static Value getformat(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "__getformat__() argument must be str, not %Y", args[1]);
    if (!str_equal_text(args[1], "double") && !str_equal_text(args[1], "float"))
        return raise_value_error(t, "__getformat__() argument 1 must be 'double' or 'float'");
    return str_from_text(t, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "IEEE, little-endian"
                                                                      : "IEEE, big-endian");
}

static Value getnewargs(Thread *t, Value *args) {
    Value v = TRY(self_exact(t, args));
    return tuple_pack(t, 1, v);
}

static Value format(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "__format__() argument must be str, not %Y", args[1]);
    return format_float(t, args[0], args[1]);
}

static Value from_argument(Thread *t, Value x) {
    if (is_exactly(x, &float_type))
        return x;
    if (is_exactly(x, &str_type))
        return float_from_str(t, x);
    Type *type = type_of(x);
    if (present(type_lookup(type, names.__float__)) || present(type_lookup(type, names.__index__))) {
        double d;
        CHECK(to_double_by_method(t, x, &d));
        return float_from_double(t, d);
    }
    if (is_str(x))
        return float_from_str(t, x);
    if (!has_buffer(x))
        return raise_type_error(t, "float() argument must be a string or a real number, not '%T'", x);
    Buffer buffer;
    CHECK(buffer_get_contiguous(t, x, &buffer, false));
    Value v = float_from_byte_text(t, buffer.data, buffer.length, x);
    buffer_release(t, &buffer);
    return v;
}

static Value new(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    Value v = TRY(from_argument(t, args[1]));
    if (type == &float_type)
        return v;
    FloatObject *o = type_allocate(t, type);
    if (o == NULL)
        return NO_VALUE;
    o->value = float_value(v);
    return from_object(o);
}

static const NativeDef methods[] = {
    {"__new__(type, x=0, /)", new, NULL},
    {"__repr__(self, /)", repr_, NULL},
    {"__hash__(self, /)", hash, NULL},
    {"__eq__(self, value, /)", eq, NULL},
    {"__ne__(self, value, /)", ne, NULL},
    {"__lt__(self, value, /)", lt, NULL},
    {"__le__(self, value, /)", le, NULL},
    {"__gt__(self, value, /)", gt, NULL},
    {"__ge__(self, value, /)", ge, NULL},
    {"__add__(self, value, /)", add, NULL},
    {"__radd__(self, value, /)", reflected_add, NULL},
    {"__sub__(self, value, /)", sub, NULL},
    {"__rsub__(self, value, /)", reflected_sub, NULL},
    {"__mul__(self, value, /)", mul, NULL},
    {"__rmul__(self, value, /)", reflected_mul, NULL},
    {"__mod__(self, value, /)", mod, NULL},
    {"__rmod__(self, value, /)", reflected_mod, NULL},
    {"__divmod__(self, value, /)", divmod_, NULL},
    {"__rdivmod__(self, value, /)", reflected_divmod_, NULL},
    {"__pow__(self, value, mod=None, /)", pow_, NULL},
    {"__rpow__(self, value, mod=None, /)", reflected_pow, NULL},
    {"__neg__(self, /)", neg, NULL},
    {"__pos__(self, /)", self_exact, NULL},
    {"__abs__(self, /)", abs_, NULL},
    {"__bool__(self, /)", bool_, NULL},
    {"__int__(self, /)", trunc_, NULL},
    {"__float__(self, /)", self_exact, NULL},
    {"__floordiv__(self, value, /)", floordiv, NULL},
    {"__rfloordiv__(self, value, /)", reflected_floordiv, NULL},
    {"__truediv__(self, value, /)", truediv, NULL},
    {"__rtruediv__(self, value, /)", reflected_truediv, NULL},
    {"from_number(type, number, /)", from_number, "A real number as a float; text is refused.", NATIVE_CLASS},
    {"conjugate(self, /)", self_exact, "The float itself, being its own complex conjugate."},
    {"__trunc__(self, /)", trunc_, "The float as an int, rounded towards zero."},
    {"__floor__(self, /)", floor_, "The float as an int, rounded down."},
    {"__ceil__(self, /)", ceil_, "The float as an int, rounded up."},
    {"__round__(self, ndigits=None, /)", round_,
     "The nearest int (ties to even), or with ndigits the float with that many decimals."},
    {"as_integer_ratio(self, /)", as_integer_ratio,
     "Two ints whose ratio is exactly the float, in lowest terms, the second positive.\n\n"
     ">>> (1.5).as_integer_ratio()\n(3, 2)\n>>> (-0.0).as_integer_ratio()\n(0, 1)\n>>> (-.25).as_integer_ratio()\n(-1, 4)"},
    {"fromhex(type, string, /)", fromhex,
     "The float that a hexadecimal text stands for.\n\n>>> float.fromhex('0x1.8p+1')\n3.0\n>>> float.fromhex('-0x10')\n-16.0", NATIVE_CLASS},
    {"hex(self, /)", hex,
     "The float exactly, as hexadecimal text.\n\n>>> (3.0).hex()\n'0x1.8000000000000p+1'\n>>> (-0.1).hex()\n'-0x1.999999999999ap-4'"},
    {"is_integer(self, /)", is_integer, "Has the float no fraction?"},
    {"__getnewargs__(self, /)", getnewargs, NULL},
    {"__getformat__(type, typestr, /)", getformat,
     "The byte order of C's 'double' or 'float', for the tests of the library.", NATIVE_CLASS},
    {"__format__(self, format_spec, /)", format, "The float as text, by the format mini-language."},
    {NULL, NULL, NULL, 0},
};

static const GetSetDef getset[] = {
    {"real", self_exact, NULL, "the real part of a complex number"},
    {"imag", get_zero, NULL, "the imaginary part of a complex number"},
    {NULL, NULL, NULL, NULL},
};

STATIC_TYPE(float_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "float",
    .doc = "A number or the text of one as a floating-point number.",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_FLOAT | TYPE_MATCH_SELF,
    .instance_size = sizeof(FloatObject),
};
