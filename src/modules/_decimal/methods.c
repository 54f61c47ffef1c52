/* decimal.Decimal: its methods with a context argument, and the type. Threads: decimal.h. */
#include "modules/_decimal/decimal.h"
#include "object/type_internal.h"

/* args: self, context */
#define UNARY                                                                                                                  \
    X(exp, mpd_qexp, "e ** self") X(ln, mpd_qln, "the natural logarithm") X(log10, mpd_qlog10, "the logarithm to base 10")      \
    X(next_minus, mpd_qnext_minus, "the largest number that is smaller") X(sqrt, mpd_qsqrt, "the square root")                 \
    X(next_plus, mpd_qnext_plus, "the smallest number that is larger") X(logb, mpd_qlogb, "the exponent of the first digit")   \
    X(normalize, mpd_qreduce, "the number without trailing zeros")                                                             \
    X(logical_invert, mpd_qinvert, "the number, of zeros and ones, with each inverted")

/* args: self, other, context */
#define BINARY                                                                                                                 \
    X(compare, decimal_compare_quiet, "-1, 0, 1 or NaN, as self compares with other")                                          \
    X(compare_signal, decimal_compare_signal, "what compare does; NaNs signal") X(max, mpd_qmax, "the larger number")          \
    X(max_mag, mpd_qmax_mag, "the number with the larger absolute value") X(min, mpd_qmin, "the smaller number")               \
    X(min_mag, mpd_qmin_mag, "the number with the smaller absolute value")                                                     \
    X(next_toward, mpd_qnext_toward, "the number next to self in the direction of other")                                      \
    X(remainder_near, mpd_qrem_near, "self - other * n for the integer n nearest to self / other")                             \
    X(logical_and, mpd_qand, "self and other, digit by digit") X(logical_or, mpd_qor, "self or other, digit by digit")         \
    X(logical_xor, mpd_qxor, "self xor other, digit by digit") X(rotate, mpd_qrotate, "the digits rotated by other places")    \
    X(scaleb, mpd_qscaleb, "self with other added to its exponent") X(shift, mpd_qshift, "the digits shifted by other places")

#define TESTS                                                                                                                  \
    X(is_finite, mpd_isfinite, "finite") X(is_infinite, mpd_isinfinite, "infinite") X(is_nan, mpd_isnan, "a NaN")               \
    X(is_qnan, mpd_isqnan, "a quiet NaN") X(is_snan, mpd_issnan, "a signaling NaN") X(is_signed, mpd_issigned, "negative")      \
    X(is_zero, mpd_iszero, "a zero")

#define TESTS_IN X(is_normal, mpd_isnormal, "normal") X(is_subnormal, mpd_issubnormal, "subnormal")

#define X(name, function, doc)                                    \
    static Value name##_method(Thread *t, Value *args) {          \
        Context *c = decimal_context_argument(t, args[1]);        \
        CHECK(c != NULL);                                         \
        return decimal_unary(t, args[0], c, function);            \
    }
UNARY
#undef X
#define X(name, function, doc)                                    \
    static Value name##_method(Thread *t, Value *args) {          \
        Context *c = decimal_context_argument(t, args[2]);        \
        CHECK(c != NULL);                                         \
        return decimal_binary(t, args[0], args[1], c, function);  \
    }
BINARY
#undef X
#define X(name, function, doc)                                    \
    static Value name##_method(Thread *t, Value *args) {          \
        return from_bool(function(&as_decimal(args[0])->dec));    \
    }
TESTS
#undef X
#define X(name, function, doc)                                    \
    static Value name##_method(Thread *t, Value *args) {          \
        Context *c = decimal_context_argument(t, args[1]);        \
        CHECK(c != NULL);                                         \
        return decimal_test_in(t, args[0], c, function);          \
    }
TESTS_IN
#undef X

/* Rounding: an optional mode, an optional context */

/* A copy of the context's rules with the rounding mode that an argument names. NULL: error */
static Context *rounded_by(Thread *t, Value rounding, Value context, mpd_context_t *rules) {
    Context *c = decimal_context_argument(t, context);
    if (!c)
        return NULL;
    *rules = c->mpd;
    return is_none(rounding) || decimal_rounding(t, rounding, &rules->round) ? c : NULL;
}

static Value to_integral(Thread *t, Value *args, UnaryFunction *function) {
    mpd_context_t rules;
    Context *c = rounded_by(t, args[1], args[2], &rules);
    CHECK(c != NULL);
    Number n;
    uint32_t status = 0;
    number_init(&n);
    function(&n.dec, &as_decimal(args[0])->dec, &rules, &status);
    return decimal_finish(t, &decimal_type, &n, c, status);
}
static Value to_integral_value(Thread *t, Value *args) { return to_integral(t, args, mpd_qround_to_int); }
static Value to_integral_exact(Thread *t, Value *args) { return to_integral(t, args, mpd_qround_to_intx); }

/* args: self, exp, rounding, context */
static Value quantize(Thread *t, Value *args) {
    mpd_context_t rules;
    Context *c = rounded_by(t, args[2], args[3], &rules);
    CHECK(c != NULL);
    Number room, n;
    const mpd_t *quantum;
    uint32_t status = 0;
    CHECK(decimal_argument(t, args[1], c, &room, &quantum));
    number_init(&n);
    mpd_qquantize(&n.dec, &as_decimal(args[0])->dec, quantum, &rules, &status);
    number_free(&room);
    return decimal_finish(t, &decimal_type, &n, c, status);
}

/* The rest */

static Value fma_method(Thread *t, Value *args) {
    Context *c = decimal_context_argument(t, args[3]);
    CHECK(c != NULL);
    return decimal_fma(t, args[0], args[1], args[2], c);
}

#define WITH_OTHER(name, expression)                              \
    static Value name(Thread *t, Value *args) {                   \
        Context *c = decimal_context_argument(t, args[2]);        \
        CHECK(c != NULL);                                         \
        return expression;                                        \
    }
WITH_OTHER(compare_total, decimal_total(t, args[0], args[1], c, mpd_compare_total))
WITH_OTHER(compare_total_mag, decimal_total(t, args[0], args[1], c, mpd_compare_total_mag))
WITH_OTHER(copy_sign, decimal_copy_sign(t, args[0], args[1], c))
WITH_OTHER(same_quantum, decimal_same_quantum(t, args[0], args[1], c))
#undef WITH_OTHER

static Value copy_quietly(Thread *t, Value v, int (*function)(mpd_t *, const mpd_t *, uint32_t *)) {
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    return decimal_quiet(t, v, c, function);
}
static Value copy_abs(Thread *t, Value *args) { return copy_quietly(t, args[0], mpd_qcopy_abs); }
static Value copy_negate(Thread *t, Value *args) { return copy_quietly(t, args[0], mpd_qcopy_negate); }

static Value number_class(Thread *t, Value *args) {
    Context *c = decimal_context_argument(t, args[1]);
    CHECK(c != NULL);
    return decimal_class_name(t, args[0], c);
}

static Value to_eng_string(Thread *t, Value *args) {
    Context *c = decimal_context_argument(t, args[1]);
    CHECK(c != NULL);
    return decimal_text(t, &as_decimal(args[0])->dec, load_relaxed(&c->capitals), true);
}

static Value adjusted(Thread *t, Value *args) {
    const mpd_t *dec = &as_decimal(args[0])->dec;
    return mpd_isspecial(dec) ? small_int(0) : int_from(t, mpd_adjexp(dec));
}

static Value self_method(Thread *t, Value *args) { return args[0]; }
static Value true_method(Thread *t, Value *args) { return TRUE; }
static Value exact_int(Thread *t, int64_t i) {
    Number n;
    uint32_t status = 0;
    number_init(&n);
    number_from_int(&n, small_int(i), &status);
    return decimal_finish(t, &decimal_type, &n, NULL, status);
}
static Value radix(Thread *t, Value *args) { return exact_int(t, 10); }
static Value get_real(Thread *t, Value *args) { return args[0]; }
static Value get_imag(Thread *t, Value *args) { return exact_int(t, 0); }

static Value reduce_method(Thread *t, Value *args) {
    return tuple_pack(t, 2, from_object(type_of(args[0])), TRY(tuple_pack(t, 1, TRY(decimal_str(t, args)))));
}

static Value sizeof_method(Thread *t, Value *args) {
    Decimal *d = as_decimal(args[0]);
    size_t size = type_of(args[0])->instance_size;
    return int_from(t, (int64_t)(absent(d->owner) ? size + (size_t)d->dec.alloc * sizeof *d->words : size));
}

/* Construction */

/* args: type, value, context */
static Value new_method(Thread *t, Value *args) {
    Context *c = decimal_context_argument(t, args[2]);
    CHECK(c != NULL);
    Type *type = as_type(args[0]);
    return present(args[1]) ? decimal_convert(t, type, args[1], c, true) : decimal_from_real(t, type, small_int(0), c, true);
}

/* The class's own constructor makes the object, unless the class is Decimal. */
static Value of_class(Thread *t, Value class, Value decimal) {
    return same(class, from_object(&decimal_type)) ? decimal : call_1(t, class, decimal);
}

static Value from_float(Thread *t, Value *args) {
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    return of_class(t, args[0], TRY(decimal_from_real(t, &decimal_type, args[1], c, true)));
}

static Value from_number(Thread *t, Value *args) {
    if (!is_decimal(args[1]) && !is_int(args[1]) && !is_float(args[1]))
        return raise_type_error(t, "conversion from %T to Decimal is not supported", args[1]);
    if (!is_decimal(args[1]))
        return from_float(t, args);
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    return of_class(t, args[0], TRY(decimal_convert(t, &decimal_type, args[1], c, true)));
}

static const NativeDef methods[] = {
    {"__new__(type, value=<unrepresentable>, context=None)", new_method, NULL, NATIVE_UNNAMED},
    GETATTRIBUTE_ROW,
    {"__repr__(self, /)", decimal_repr, NULL},
    {"__str__(self, /)", decimal_str, NULL},
    {"__hash__(self, /)", decimal_hash, NULL},
    {"__bool__(self, /)", decimal_bool, NULL},
#define X(name, symbol, function)                                \
    {"__" #name "__(self, value, /)", decimal_##name, NULL},     \
    {"__r" #name "__(self, value, /)", decimal_r##name, NULL},
    DECIMAL_OPERATORS
#undef X
#define X(name, symbol) {"__" #name "__(self, value, /)", decimal_##name, NULL},
    DECIMAL_COMPARISONS
#undef X
    {"__divmod__(self, value, /)", decimal_divmod_, NULL},
    {"__rdivmod__(self, value, /)", decimal_rdivmod, NULL},
    {"__pow__(self, value, mod=None, /)", decimal_pow, NULL},
    {"__rpow__(self, value, mod=None, /)", decimal_rpow, NULL},
    {"__neg__(self, /)", decimal_neg, NULL},
    {"__pos__(self, /)", decimal_pos, NULL},
    {"__abs__(self, /)", decimal_abs, NULL},
    {"__int__(self, /)", decimal_int, NULL},
    {"__float__(self, /)", decimal_float, NULL},
    {"__complex__(self, /)", decimal_complex, "Return complex(self)."},
    {"__trunc__(self, /)", decimal_int, "Return the number truncated to an int."},
    {"__floor__(self, /)", decimal_floor, "Return the largest int that is not larger."},
    {"__ceil__(self, /)", decimal_ceil, "Return the smallest int that is not smaller."},
    {"__round__(self, ndigits=<unrepresentable>, /)", decimal_round,
     "Return the nearest int, or with ndigits, a Decimal with so many digits behind the point.", NATIVE_NO_SIGNATURE | NATIVE_UNNAMED},
    {"__format__(self, format_spec, override=<unrepresentable>, /)", decimal_format, "Return the number as text.",
     NATIVE_NO_SIGNATURE | NATIVE_COEXIST | NATIVE_UNNAMED},
    {"__copy__(self, /)", self_method, "Return self."},
    {"__deepcopy__(self, object, /)", self_method, "Return self."},
    {"__reduce__(self, /)", reduce_method, "Return what pickle makes the number again from."},
    {"__sizeof__(self, /)", sizeof_method, "Return the size in bytes."},
    {"from_float(type, f, /)", from_float, "Return exactly the float or int f.", NATIVE_CLASS},
    {"from_number(type, number, /)", from_number, "Return exactly the int, float or Decimal.", NATIVE_CLASS},
    {"as_tuple(self, /)", decimal_as_tuple, "Return a DecimalTuple: sign, digits, exponent."},
    {"as_integer_ratio(self, /)", decimal_as_integer_ratio, "Return a pair of ints, the fraction in lowest terms."},
#define X(name, function, doc) {#name "(self, /, context=None)", name##_method, "Return " doc ".", NATIVE_UNNAMED},
    UNARY
#undef X
#define X(name, function, doc) {#name "(self, /, other, context=None)", name##_method, "Return " doc ".", NATIVE_UNNAMED},
    BINARY
#undef X
#define X(name, function, doc) {#name "(self, /)", name##_method, "Return whether the number is " doc "."},
    TESTS
#undef X
#define X(name, function, doc) {#name "(self, /, context=None)", name##_method, "Return whether the number is " doc ".", NATIVE_UNNAMED},
    TESTS_IN
#undef X
    {"quantize(self, /, exp, rounding=None, context=None)", quantize,
     "Return the number rounded to the exponent of exp; InvalidOperation where that takes too many digits.", NATIVE_UNNAMED},
    {"to_integral(self, /, rounding=None, context=None)", to_integral_value, "Return the nearest integer, without signals.", NATIVE_UNNAMED},
    {"to_integral_value(self, /, rounding=None, context=None)", to_integral_value, "Return the nearest integer, without signals.", NATIVE_UNNAMED},
    {"to_integral_exact(self, /, rounding=None, context=None)", to_integral_exact,
     "Return the nearest integer; may signal Inexact and Rounded.", NATIVE_UNNAMED},
    {"fma(self, /, other, third, context=None)", fma_method, "Return self * other + third, rounded once.", NATIVE_UNNAMED},
    {"compare_total(self, /, other, context=None)", compare_total, "Return -1, 0 or 1: the total order of representations.", NATIVE_UNNAMED},
    {"compare_total_mag(self, /, other, context=None)", compare_total_mag, "Return -1, 0 or 1: the total order without signs.", NATIVE_UNNAMED},
    {"copy_sign(self, /, other, context=None)", copy_sign, "Return the number with the sign of other.", NATIVE_UNNAMED},
    {"same_quantum(self, /, other, context=None)", same_quantum, "Return whether both have the same exponent.", NATIVE_UNNAMED},
    {"copy_abs(self, /)", copy_abs, "Return the number with a positive sign."},
    {"copy_negate(self, /)", copy_negate, "Return the number with the other sign."},
    {"number_class(self, /, context=None)", number_class, "Return the name of the class of numbers that it belongs to.", NATIVE_UNNAMED},
    {"to_eng_string(self, /, context=None)", to_eng_string, "Return the number in engineering notation.", NATIVE_UNNAMED},
    {"adjusted(self, /)", adjusted, "Return the exponent of the first digit; 0 for infinity and NaN."},
    {"canonical(self, /)", self_method, "Return self."},
    {"conjugate(self, /)", self_method, "Return self."},
    {"is_canonical(self, /)", true_method, "Return True: every Decimal is."},
    {"radix(self, /)", radix, "Return Decimal(10)."},
    {NULL},
};

static const GetSetDef getset[] = {
    {"real", get_real, NULL, NULL},
    {"imag", get_imag, NULL, NULL},
    {NULL},
};

static void trace(Tracer *tracer, Object *o) { trace_value(tracer, ((Decimal *)o)->owner); }

MODULE_TYPE(decimal_type, _decimal) = {
    STATIC_TYPE_HEAD(trace, NULL),
    .name_text = "decimal.Decimal",
    .doc = "A decimal floating point number of any precision.\n\n"
           "value may be an int, str, tuple, float or Decimal; it is taken exactly. The context only says whether\n"
           "what is no number raises InvalidOperation.",
    .signature = "(value='0', context=None)",
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE,
    .instance_size = sizeof(Decimal),
};
