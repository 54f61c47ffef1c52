/* Decimal as a number of Python: operators, comparison, hash and conversions. Threads: decimal.h. */
#include "base/hash.h"
#include "modules/_decimal/decimal.h"
#include "types/complex.h"

/* Operators: NotImplemented where an operand is neither Decimal nor int. */

static Value operate(Thread *t, Value a, Value b, BinaryFunction *function) {
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    Number room_a, room_b, n;
    const mpd_t *x, *y;
    uint32_t status = 0;
    Operand got = decimal_operand(t, a, c, &room_a, &x);
    if (got != OPERAND_READY)
        return got == OPERAND_OTHER ? NOT_IMPLEMENTED : NO_VALUE;
    got = decimal_operand(t, b, c, &room_b, &y);
    if (got == OPERAND_READY) {
        number_init(&n);
        function(&n.dec, x, y, &c->mpd, &status);
        number_free(&room_b);
    }
    number_free(&room_a);
    if (got != OPERAND_READY)
        return got == OPERAND_OTHER ? NOT_IMPLEMENTED : NO_VALUE;
    return decimal_finish(t, &decimal_type, &n, c, status);
}

#define X(name, symbol, function)                                                                        \
    Value decimal_##name(Thread *t, Value *args) { return operate(t, args[0], args[1], function); }       \
    Value decimal_r##name(Thread *t, Value *args) { return operate(t, args[1], args[0], function); }
DECIMAL_OPERATORS
#undef X

static bool is_operand(Value v) { return is_decimal(v) || is_int(v); }

static Value divide(Thread *t, Value a, Value b) {
    if (!is_operand(a) || !is_operand(b))
        return NOT_IMPLEMENTED;
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    return decimal_divmod(t, a, b, c);
}
Value decimal_divmod_(Thread *t, Value *args) { return divide(t, args[0], args[1]); }
Value decimal_rdivmod(Thread *t, Value *args) { return divide(t, args[1], args[0]); }

static Value raise_to(Thread *t, Value a, Value b, Value modulus) {
    if (!is_operand(a) || !is_operand(b) || !(is_none(modulus) || is_operand(modulus)))
        return NOT_IMPLEMENTED;
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    return decimal_power(t, a, b, modulus, c);
}
Value decimal_pow(Thread *t, Value *args) { return raise_to(t, args[0], args[1], args[2]); }
Value decimal_rpow(Thread *t, Value *args) { return raise_to(t, args[1], args[0], args[2]); }

static Value by_current(Thread *t, Value v, UnaryFunction *function) {
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    return decimal_unary(t, v, c, function);
}
Value decimal_neg(Thread *t, Value *args) { return by_current(t, args[0], mpd_qminus); }
Value decimal_pos(Thread *t, Value *args) { return by_current(t, args[0], mpd_qplus); }
Value decimal_abs(Thread *t, Value *args) { return by_current(t, args[0], mpd_qabs); }
Value decimal_bool(Thread *t, Value *args) { return from_bool(!mpd_iszero(&as_decimal(args[0])->dec)); }

/* Comparison */

/* Two numbers that compare as the operands do; `b` may be any number of Python. */
typedef struct Compared {
    Number rooms[2];
    const mpd_t *a, *b;
} Compared;

/* A fraction p/q: self * q is compared with p. */
static Operand compared_fraction(Thread *t, Context *c, const mpd_t *a, Value fraction, Compared *out) {
    Value numerator = get_attribute_text(t, fraction, "numerator");
    Value denominator = absent(numerator) ? NO_VALUE : get_attribute_text(t, fraction, "denominator");
    if (absent(denominator))
        return OPERAND_FAILED;
    if (!is_int(numerator) || !is_int(denominator)) {
        raise_type_error(t, "numerator and denominator must be integers");
        return OPERAND_FAILED;
    }
    uint32_t status = 0;
    number_from_int(&out->rooms[1], numerator, &status);
    out->b = &out->rooms[1].dec;
    if (!mpd_isspecial(a)) {
        Number factor;
        mpd_context_t exact;
        number_init(&factor);
        mpd_maxcontext(&exact);
        number_from_int(&factor, denominator, &status);
        mpd_qmul(&out->rooms[0].dec, a, &factor.dec, &exact, &status);
        number_free(&factor);
        out->a = &out->rooms[0].dec;
    }
    return decimal_signal(t, c, status & (MPD_Errors | MPD_Malloc_error)) ? OPERAND_READY : OPERAND_FAILED;
}

/* The rooms are to be freed in any case. */
static Operand compared(Thread *t, Context *c, Value self, Value v, Comparison op, Compared *out) {
    number_init(&out->rooms[0]);
    number_init(&out->rooms[1]);
    out->a = &as_decimal(self)->dec;
    if (is_decimal(v) || is_int(v))
        return decimal_operand(t, v, c, &out->rooms[1], &out->b);
    bool equality = op == COMPARE_EQ || op == COMPARE_NE;
    double d;
    if (is_float(v))
        d = float_value(v);
    else if (is_complex(v) && equality && as_complex(v)->imag == 0)
        d = as_complex(v)->real;
    else if (is_complex(v))
        return OPERAND_OTHER;
    else {
        int rational = is_instance(t, v, decimal_state(t, STATE_RATIONAL));
        if (rational <= 0)
            return rational ? OPERAND_FAILED : OPERAND_OTHER;
        return compared_fraction(t, c, out->a, v, out);
    }
    if (equality)
        c->mpd.status |= MPD_Float_operation;
    else if (!decimal_signal(t, c, MPD_Float_operation))
        return OPERAND_FAILED;
    uint32_t status = 0;
    number_from_double(&out->rooms[1], d, &status);
    out->b = &out->rooms[1].dec;
    return decimal_signal(t, c, status & MPD_Malloc_error) ? OPERAND_READY : OPERAND_FAILED;
}

/* NaNs are unordered: all comparisons with a signaling one signal, and those by order with any. */
static Value order(Thread *t, Context *c, Comparison op, const Compared *operands) {
    uint32_t status = 0;
    int result = mpd_qcmp(operands->a, operands->b, &status);
    if (result == INT_MAX) {
        bool equality = op == COMPARE_EQ || op == COMPARE_NE;
        if (!equality || mpd_issnan(operands->a) || mpd_issnan(operands->b))
            CHECK(decimal_signal(t, c, status));
        return from_bool(op == COMPARE_NE);
    }
    switch (op) {
    case COMPARE_LT: return from_bool(result < 0);
    case COMPARE_LE: return from_bool(result <= 0);
    case COMPARE_EQ: return from_bool(result == 0);
    case COMPARE_NE: return from_bool(result != 0);
    case COMPARE_GT: return from_bool(result > 0);
    default: return from_bool(result >= 0);
    }
}

static Value compare_by(Thread *t, Value *args, Comparison op) {
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    Compared operands;
    Operand got = compared(t, c, args[0], args[1], op, &operands);
    Value result = got == OPERAND_READY ? order(t, c, op, &operands) : got == OPERAND_OTHER ? NOT_IMPLEMENTED : NO_VALUE;
    number_free(&operands.rooms[0]);
    number_free(&operands.rooms[1]);
    return result;
}
Value decimal_lt(Thread *t, Value *args) { return compare_by(t, args, COMPARE_LT); }
Value decimal_le(Thread *t, Value *args) { return compare_by(t, args, COMPARE_LE); }
Value decimal_eq(Thread *t, Value *args) { return compare_by(t, args, COMPARE_EQ); }
Value decimal_ne(Thread *t, Value *args) { return compare_by(t, args, COMPARE_NE); }
Value decimal_gt(Thread *t, Value *args) { return compare_by(t, args, COMPARE_GT); }
Value decimal_ge(Thread *t, Value *args) { return compare_by(t, args, COMPARE_GE); }

/* Hash: the number modulo 2^61 - 1, as for all numbers. */

#define HASH_INVERSE_OF_TEN UINT64_C(2075258708292324556)

static uint64_t hash_product(uint64_t a, uint64_t b) { return (uint64_t)((unsigned __int128)a * b % HASH_MODULUS); }

static uint64_t hash_power(uint64_t base, uint64_t exponent) {
    uint64_t result = 1;
    for (; exponent; exponent >>= 1, base = hash_product(base, base))
        if (exponent & 1)
            result = hash_product(result, base);
    return result;
}

static int64_t hash_finite(const mpd_t *dec) {
    uint64_t coefficient = 0;
    for (mpd_ssize_t i = dec->len; i-- > 0;)
        coefficient = (hash_product(coefficient, MPD_RADIX % HASH_MODULUS) + dec->data[i] % HASH_MODULUS) % HASH_MODULUS;
    uint64_t scale = dec->exp < 0 ? hash_power(HASH_INVERSE_OF_TEN, -(uint64_t)dec->exp) : hash_power(10, (uint64_t)dec->exp);
    int64_t hash = (int64_t)hash_product(coefficient, scale);
    if (mpd_isnegative(dec))
        hash = -hash;
    return hash == -1 ? -2 : hash;
}

Value decimal_hash(Thread *t, Value *args) {
    Decimal *d = as_decimal(args[0]);
    int64_t hash = load_relaxed(&d->hash);
    if (hash != -1)
        return int_from(t, hash);
    if (mpd_issnan(&d->dec))
        return raise_type_error(t, "Cannot hash a signaling NaN value");
    if (mpd_isnan(&d->dec))
        hash = hash_pointer(d);
    else if (mpd_isinfinite(&d->dec))
        hash = mpd_isnegative(&d->dec) ? -HASH_INFINITY : HASH_INFINITY;
    else
        hash = hash_finite(&d->dec);
    store_relaxed(&d->hash, hash);
    return int_from(t, hash);
}

/* Conversions */

static Value as_int(Thread *t, Value v, int rounding) {
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    return decimal_as_int(t, &as_decimal(v)->dec, c, rounding);
}
Value decimal_int(Thread *t, Value *args) { return as_int(t, args[0], MPD_ROUND_DOWN); }
Value decimal_floor(Thread *t, Value *args) { return as_int(t, args[0], MPD_ROUND_FLOOR); }
Value decimal_ceil(Thread *t, Value *args) { return as_int(t, args[0], MPD_ROUND_CEILING); }

/* args: self, ndigits */
Value decimal_round(Thread *t, Value *args) {
    if (absent(args[1]))
        return as_int(t, args[0], MPD_ROUND_HALF_EVEN);
    if (!is_int(args[1]))
        return raise_type_error(t, "optional arg must be an integer");
    int64_t digits;
    CHECK(decimal_integer(t, args[1], &digits));
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    mpd_uint_t one = 1;
    const mpd_t quantum = {.flags = MPD_STATIC | MPD_CONST_DATA, .digits = 1, .len = 1, .alloc = 1, .data = &one,
                           .exp = digits == INT64_MIN ? INT64_MAX : -digits};
    Number n;
    uint32_t status = 0;
    number_init(&n);
    mpd_qquantize(&n.dec, &as_decimal(args[0])->dec, &quantum, &c->mpd, &status);
    return decimal_finish(t, &decimal_type, &n, c, status);
}

Value decimal_float(Thread *t, Value *args) {
    const mpd_t *dec = &as_decimal(args[0])->dec;
    if (mpd_issnan(dec))
        return raise_value_error(t, "cannot convert signaling NaN to float");
    if (mpd_isnan(dec))
        return float_from_double(t, mpd_isnegative(dec) ? -NAN : NAN);
    return float_from_str(t, TRY(decimal_text(t, dec, true, false)));
}

Value decimal_complex(Thread *t, Value *args) {
    double real;
    CHECK(to_double(t, args[0], &real));
    return complex_new(t, real, 0);
}

/* The fraction in lowest terms: only twos and fives can be common to both parts. */
Value decimal_as_integer_ratio(Thread *t, Value *args) {
    const mpd_t *dec = &as_decimal(args[0])->dec;
    if (mpd_isspecial(dec))
        return mpd_isnan(dec) ? raise_value_error(t, "cannot convert NaN to integer ratio")
                              : raise_overflow_error(t, "cannot convert Infinity to integer ratio");
    Context *c = decimal_context(t);
    CHECK(c != NULL);
    mpd_context_t exact;
    uint32_t status = 0;
    Number n;
    mpd_maxcontext(&exact);
    number_init(&n);
    mpd_qreduce(&n.dec, dec, &exact, &status);
    int64_t exponent = mpd_iszero(dec) ? 0 : n.dec.exp;
    if (exponent < 0)
        n.dec.exp = 0;
    Value numerator = status & MPD_Malloc_error ? raise_no_memory(t) : decimal_as_int(t, &n.dec, c, MPD_ROUND_DOWN);
    number_free(&n);
    TRY(numerator);
    if (exponent >= 0)
        return tuple_pack(t, 2, numerator, small_int(1));
    Value scale = TRY(int_pow(t, small_int(10), small_int(-exponent), NO_VALUE));
    /* Without trailing zeros the numerator has no factor of two, or none of five. */
    uint64_t twos = 0, fives = 0;
    Value low = numerator;
    if (!(int_mask_u64(numerator) & 1)) {
        while (twos < (uint64_t)-exponent && !(int_mask_u64(low) & 1)) {
            low = TRY(int_rshift(t, low, small_int(1)));
            twos++;
        }
        scale = TRY(int_rshift(t, scale, small_int((int64_t)twos)));
    } else {
        while (fives < (uint64_t)-exponent) {
            Value pair = TRY(int_divmod(t, low, small_int(5)));
            if (int_sign(tuple_get(pair, 1)))
                break;
            low = tuple_get(pair, 0);
            fives++;
        }
        scale = TRY(int_floordiv(t, scale, TRY(int_pow(t, small_int(5), small_int((int64_t)fives), NO_VALUE))));
    }
    return tuple_pack(t, 2, low, scale);
}
