/* int: the type object and its methods.
 *
 * Threads: ints are immutable.
 */
#include "types/int/int_layout.h"

#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/float.h"
#include "types/str/str.h"
#include "types/tuple.h"

/* The binary slots: NotImplemented unless both operands are ints; self is args[0], reflected or not. */
#define BINARY(name, function)                                                                      \
    static Value name(Thread *t, Value *args) {                                                     \
        return likely(is_int(args[0]) && is_int(args[1])) ? function(t, args[0], args[1])           \
                                                          : NOT_IMPLEMENTED;                        \
    }                                                                                               \
    static Value reflected_##name(Thread *t, Value *args) {                                         \
        return likely(is_int(args[0]) && is_int(args[1])) ? function(t, args[1], args[0])           \
                                                          : NOT_IMPLEMENTED;                        \
    }
BINARY(add, int_add)
BINARY(sub, int_sub)
BINARY(mul, int_mul)
BINARY(floordiv, int_floordiv)
BINARY(mod, int_mod)
BINARY(divmod_, int_divmod)
BINARY(truediv, int_truediv)
BINARY(lshift, int_lshift)
BINARY(rshift, int_rshift)
BINARY(and_, int_and)
BINARY(or_, int_or)
BINARY(xor_, int_xor)
#undef BINARY

static Value pow_of(Thread *t, Value base, Value exponent, Value modulus) {
    bool with_modulus = present(modulus) && !is_none(modulus);
    if (!is_int(base) || !is_int(exponent) || (with_modulus && !is_int(modulus)))
        return NOT_IMPLEMENTED;
    return int_pow(t, base, exponent, with_modulus ? modulus : NO_VALUE);
}
static Value pow_(Thread *t, Value *args) { return pow_of(t, args[0], args[1], args[2]); }
static Value reflected_pow(Thread *t, Value *args) { return pow_of(t, args[1], args[0], args[2]); }

#define COMPARISON(name, operator)                                           \
    static Value name(Thread *t, Value *args) {                              \
        if (unlikely(!is_int(args[1])))                                      \
            return NOT_IMPLEMENTED;                                          \
        return from_bool(int_compare(args[0], args[1]) operator 0);          \
    }
COMPARISON(eq, ==)
COMPARISON(ne, !=)
COMPARISON(lt, <)
COMPARISON(le, <=)
COMPARISON(gt, >)
COMPARISON(ge, >=)
#undef COMPARISON

Value int_exact(Thread *t, Value v) {
    if (likely(is_small_int(v)) || is_exactly(v, &int_type))
        return v;
    IntView view;
    view_int(v, &view);
    return int_from_limbs(t, view.limbs, view.count, view.negative);
}

static Value self_exact(Thread *t, Value *args) { return int_exact(t, args[0]); }
static Value neg(Thread *t, Value *args) { return int_neg(t, args[0]); }
static Value abs_(Thread *t, Value *args) {
    return int_sign(args[0]) < 0 ? int_neg(t, args[0]) : int_exact(t, args[0]);
}
static Value invert_(Thread *t, Value *args) { return int_invert(t, args[0]); }
static Value bool_(Thread *t, Value *args) { return from_bool(int_sign(args[0]) != 0); }
static Value hash(Thread *t, Value *args) { return int_from(t, int_hash(args[0])); }
static Value repr_(Thread *t, Value *args) { return int_to_text(t, args[0], 10); }

static Value float_(Thread *t, Value *args) {
    double d;
    CHECK(int_as_double(t, args[0], &d));
    return float_from_double(t, d);
}

/* An instance of a subclass with the value of an int. */
static Value new_of_subclass(Thread *t, Type *type, Value value) {
    IntView view;
    view_int(value, &view);
    IntObject *o = type_allocate_sized(t, type, view.count);
    if (o == NULL)
        return NO_VALUE;
    memcpy(int_limbs(o), view.limbs, view.count * sizeof *view.limbs);
    o->size = view.negative ? -(int64_t)view.count : (int64_t)view.count;
    return from_object(o);
}

static bool defines_int(Value v) {
    return present(type_lookup(type_of(v), names.__int__)) || present(type_lookup(type_of(v), names.__index__));
}

static Value from_text(Thread *t, Value x, int base) {
    if (is_str(x))
        return int_from_str(t, x, base);
    Buffer buffer;
    CHECK(buffer_get_contiguous(t, x, &buffer, false));
    Value v = int_from_byte_text(t, buffer.data, buffer.length, base, x);
    buffer_release(t, &buffer);
    return v;
}

static Value from_argument(Thread *t, Value x) {
    if (is_small_int(x) || is_exactly(x, &int_type))
        return x;
    if (is_exactly(x, &str_type))
        return from_text(t, x, 10);
    if (!defines_int(x) && (is_str(x) || has_buffer(x)))
        return from_text(t, x, 10);
    return to_int(t, x);
}

static Value with_base(Thread *t, Value x, Value base_value) {
    int64_t base;
    if (absent(x))
        return raise_type_error(t, "int() missing string argument");
    CHECK(index_as_ssize(t, base_value, &base, true, NULL));
    if (base != 0 && (base < 2 || base > 36))
        return raise_value_error(t, "int() base must be >= 2 and <= 36, or 0");
    if (!is_str(x) && !is_bytes(x) && !is_instance_of(x, &bytearray_type))
        return raise_type_error(t, "int() can't convert non-string with explicit base");
    return from_text(t, x, (int)base);
}

static Value new(Thread *t, Value *args) {
    Type *type = as_type(args[0]);
    Value value;
    if (present(args[2]))
        value = TRY(with_base(t, args[1], args[2]));
    else
        value = absent(args[1]) ? small_int(0) : TRY(from_argument(t, args[1]));
    return type == &int_type ? int_exact(t, value) : new_of_subclass(t, type, value);
}

static Value getnewargs(Thread *t, Value *args) {
    Value value = TRY(int_exact(t, args[0]));
    return tuple_pack(t, 1, value);
}

static Value format(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "__format__() argument must be str, not %Y", args[1]);
    return format_int(t, args[0], args[1]);
}

/* To the nearest multiple of 10**-ndigits, ties to the even multiple. */
static Value round_(Thread *t, Value *args) {
    if (is_none(args[1]))
        return int_exact(t, args[0]);
    Value digits = TRY(index_of(t, args[1]));
    if (int_sign(digits) >= 0)
        return int_exact(t, args[0]);
    digits = TRY(int_neg(t, digits));
    Value unit = TRY(int_pow(t, small_int(10), digits, NO_VALUE));
    Value quotient = TRY(int_floordiv(t, args[0], unit));
    Value rest = TRY(int_mod(t, args[0], unit));
    Value twice = TRY(int_lshift(t, rest, small_int(1)));
    int order = int_compare(twice, unit);
    if (order > 0 || (order == 0 && int_mask_u64(quotient) & 1))
        rest = TRY(int_sub(t, rest, unit));
    return int_sub(t, args[0], rest);
}

static Value sizeof_(Thread *t, Value *args) {
    IntView view; /* a small int is counted as if it had a cell */
    view_int(args[0], &view);
    size_t fixed = is_object(args[0]) ? type_of(args[0])->instance_size : sizeof(IntObject);
    return small_int((int64_t)(fixed + (view.count ? view.count : 1) * sizeof(uint64_t)));
}

static Value bit_length(Thread *t, Value *args) { return int_from_unsigned(t, int_bit_length(args[0])); }

static Value bit_count(Thread *t, Value *args) {
    IntView view;
    view_int(args[0], &view);
    uint64_t count = view.count ? mpn_popcount(view.limbs, (mp_size_t)view.count) : 0;
    return int_from_unsigned(t, count);
}

static Value as_integer_ratio(Thread *t, Value *args) {
    Value value = TRY(int_exact(t, args[0]));
    return tuple_pack(t, 2, value, small_int(1));
}

static Value is_integer(Thread *t, Value *args) { return TRUE; }

static bool byte_order(Thread *t, const char *function, Value order, bool *big) {
    if (!is_str(order)) {
        raise_type_error(t, "%s() argument 'byteorder' must be str, not %Y", function, order);
        return false;
    }
    *big = str_equal_text(order, "big");
    if (*big || str_equal_text(order, "little"))
        return true;
    raise_value_error(t, "byteorder must be either 'little' or 'big'");
    return false;
}

static Value to_bytes(Thread *t, Value *args) {
    int64_t length;
    bool big;
    CHECK(index_as_ssize(t, args[1], &length, false, NULL));
    CHECK(byte_order(t, "to_bytes", args[2], &big));
    int is_signed = truth(t, args[3]);
    CHECK(is_signed >= 0);
    if (length < 0)
        return raise_value_error(t, "length argument must be non-negative");
    return int_to_bytes(t, args[0], (size_t)length, big, is_signed);
}

/* bytes(x), but for what only has a length or is text. */
static Value bytes_of(Thread *t, Value x) {
    if (is_bytes(x))
        return x;
    if (present(type_lookup(type_of(x), names.__bytes__)) || has_buffer(x))
        return call_1(t, from_object(&bytes_type), x);
    if (!is_str(x)) {
        Value iterator = get_iterator(t, x);
        if (present(iterator))
            return call_1(t, from_object(&bytes_type), iterator);
        if (!error_catch(t, &TypeError_type))
            return NO_VALUE;
    }
    return raise_type_error(t, "cannot convert '%T' object to bytes", x);
}

static Value from_bytes(Thread *t, Value *args) {
    bool big;
    CHECK(byte_order(t, "from_bytes", args[2], &big));
    int is_signed = truth(t, args[3]);
    CHECK(is_signed >= 0);
    Value bytes = TRY(bytes_of(t, args[1]));
    Value value = TRY(int_from_bytes(t, (const uint8_t *)as_bytes(bytes)->data, as_bytes(bytes)->length, big,
                                     is_signed));
    keep_alive(as_object(bytes));
    return as_type(args[0]) == &int_type ? value : call_1(t, args[0], value);
}

static Value get_zero(Thread *t, Value *args) { return small_int(0); }
static Value get_one(Thread *t, Value *args) { return small_int(1); }

static const NativeDef methods[] = {
    {"__new__(type, x=<unrepresentable>, /, base=<unrepresentable>)", new, NULL, NATIVE_NO_SIGNATURE | NATIVE_COUNTS_POSITIONAL},
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
    {"__invert__(self, /)", invert_, NULL},
    {"__lshift__(self, value, /)", lshift, NULL},
    {"__rlshift__(self, value, /)", reflected_lshift, NULL},
    {"__rshift__(self, value, /)", rshift, NULL},
    {"__rrshift__(self, value, /)", reflected_rshift, NULL},
    {"__and__(self, value, /)", and_, NULL},
    {"__rand__(self, value, /)", reflected_and_, NULL},
    {"__xor__(self, value, /)", xor_, NULL},
    {"__rxor__(self, value, /)", reflected_xor_, NULL},
    {"__or__(self, value, /)", or_, NULL},
    {"__ror__(self, value, /)", reflected_or_, NULL},
    {"__int__(self, /)", self_exact, NULL},
    {"__float__(self, /)", float_, NULL},
    {"__floordiv__(self, value, /)", floordiv, NULL},
    {"__rfloordiv__(self, value, /)", reflected_floordiv, NULL},
    {"__truediv__(self, value, /)", truediv, NULL},
    {"__rtruediv__(self, value, /)", reflected_truediv, NULL},
    {"__index__(self, /)", self_exact, NULL},
    {"conjugate(self, /)", self_exact, "The int itself, being its own complex conjugate."},
    {"bit_length(self, /)", bit_length,
     "How many bits the absolute value takes in binary.\n\n>>> f'{37:b}'\n'100101'\n>>> (37).bit_length()\n6"},
    {"bit_count(self, /)", bit_count, "How many bits of the absolute value are set.\n\n>>> f'{13:b}'\n'1101'\n>>> (13).bit_count()\n3"},
    {"to_bytes(self, /, length=1, byteorder='big', *, signed=False)", to_bytes,
     "The int as bytes, in two's complement if signed.\n\nOverflowError if it does not fit the length, or is\n"
     "negative and not signed. byteorder is 'big' or 'little'."},
    {"from_bytes(type, /, bytes, byteorder='big', *, signed=False)", from_bytes,
     "The int that bytes (an object with a buffer, or an iterable of ints) stand for.", NATIVE_CLASS},
    {"as_integer_ratio(self, /)", as_integer_ratio,
     "The pair (int, 1).\n\n>>> (7).as_integer_ratio()\n(7, 1)\n>>> (0).as_integer_ratio()\n(0, 1)\n"
     ">>> (-10).as_integer_ratio()\n(-10, 1)"},
    {"is_integer(self, /)", is_integer, "True: for the sake of code that takes int or float."},
    {"__trunc__(self, /)", self_exact, "The int itself."},
    {"__floor__(self, /)", self_exact, "The int itself."},
    {"__ceil__(self, /)", self_exact, "The int itself."},
    {"__round__(self, ndigits=None, /)", round_,
     "The int, or with a negative ndigits the nearest multiple of 10**-ndigits (ties to even)."},
    {"__getnewargs__(self, /)", getnewargs, NULL},
    {"__format__(self, format_spec, /)", format, "The int as text, by the format mini-language."},
    {"__sizeof__(self, /)", sizeof_, "Size in memory, in bytes."},
    {NULL, NULL, NULL, 0},
};

static const GetSetDef getset[] = {
    {"real", self_exact, NULL, "the real part of a complex number"},
    {"imag", get_zero, NULL, "the imaginary part of a complex number"},
    {"numerator", self_exact, NULL, "the numerator of a rational number in lowest terms"},
    {"denominator", get_one, NULL, "the denominator of a rational number in lowest terms"},
    {NULL, NULL, NULL, NULL},
};

STATIC_TYPE(int_type) = {
    STATIC_TYPE_HEAD(NULL, NULL),
    .name_text = "int",
    .doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\n"
           "Convert a number or the text of one to an integer; 0 without arguments.\n"
           "A float is truncated towards zero. Text may have a sign, blanks around it and\n"
           "single underscores between digits. The base is 2 to 36, or 0: as a literal's\n"
           "prefix says.\n\n>>> int('0b100', base=0)\n4",
    .base_static = &object_type,
    .methods = methods,
    .getset = getset,
    .flags = TYPE_BASE | TYPE_INT | TYPE_MATCH_SELF,
    .instance_size = sizeof(IntObject),
    .item_size = sizeof(uint64_t),
};
