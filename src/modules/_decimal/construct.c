/* Making Decimals: from results, ints, floats, text and tuples. Threads: decimal.h. */
#include "modules/_decimal/decimal.h"
#include "types/numeric_text.h"

/* Cells */

Value decimal_new(Thread *t, Type *type, const mpd_t *dec) {
    uint8_t flags = (dec->flags & (MPD_NEG | MPD_SPECIAL)) | MPD_STATIC | MPD_CONST_DATA;
    if (type == &decimal_type) {
        size_t words = (size_t)dec->len;
        Decimal *o = heap_allocate_unfilled(t, type, sizeof *o + (words ? words : 1) * sizeof *o->words);
        CHECK(o != NULL);
        o->hash = -1;
        o->owner = NO_VALUE;
        o->dec = *dec;
        o->dec.flags = flags;
        o->dec.alloc = (mpd_ssize_t)(words ? words : 1);
        o->dec.data = o->words;
        o->words[0] = 0;
        memcpy(o->words, dec->data, words * sizeof *o->words);
        return from_object(o);
    }
    Value owner = TRY(decimal_new(t, &decimal_type, dec));
    Decimal *o = type_allocate(t, type);
    CHECK(o != NULL);
    o->hash = -1;
    o->dec = as_decimal(owner)->dec;
    store(o, &o->owner, owner);
    return from_object(o);
}

Value decimal_finish(Thread *t, Type *type, Number *n, Context *c, uint32_t status) {
    Value result = NO_VALUE;
    if (unlikely(status & MPD_Malloc_error))
        raise_no_memory(t);
    else if (!c || decimal_signal(t, c, status))
        result = decimal_new(t, type, &n->dec);
    number_free(n);
    return result;
}

/* Ints */

/* What an exact conversion may not do makes its result a NaN; rounding is all else that it may report. */
static void settle_exact(mpd_t *dec, uint32_t *status) {
    if (*status & (MPD_Inexact | MPD_Rounded | MPD_Clamped))
        mpd_seterror(dec, MPD_Invalid_operation, status);
    *status &= MPD_Errors;
}

/* The library reads digits to a base of at most 32 bits: pieces of 30. */
static void number_from_limbs(Number *n, const IntView *view, uint32_t *status) {
    enum { PIECE = 30 };
    size_t count = (view->count * 64 + PIECE - 1) / PIECE;
    uint32_t *pieces = malloc(count * sizeof *pieces);
    if (!pieces) {
        mpd_seterror(&n->dec, MPD_Malloc_error, status);
        return;
    }
    unsigned __int128 bits = 0;
    size_t have = 0, limb = 0;
    for (size_t i = 0; i < count; i++) {
        if (have < PIECE && limb < view->count) {
            bits |= (unsigned __int128)view->limbs[limb++] << have;
            have += 64;
        }
        pieces[i] = (uint32_t)(bits & ((1u << PIECE) - 1));
        bits >>= PIECE;
        have = have > PIECE ? have - PIECE : 0;
    }
    while (count > 1 && pieces[count - 1] == 0)
        count--;
    mpd_context_t exact;
    mpd_maxcontext(&exact);
    mpd_qimport_u32(&n->dec, pieces, count, view->negative, 1u << PIECE, &exact, status);
    free(pieces);
}

void number_from_int(Number *n, Value v, uint32_t *status) {
    int64_t small;
    if (likely(int_to_i64(v, &small))) {
        mpd_context_t exact;
        mpd_maxcontext(&exact);
        mpd_qset_i64(&n->dec, small, &exact, status);
        return;
    }
    IntView view;
    int_view(v, &view);
    number_from_limbs(n, &view, status);
}

static void read_int(Number *n, Value v, Context *c, bool exact, uint32_t *status) {
    number_from_int(n, v, status);
    settle_exact(&n->dec, status);
    if (!exact && !*status)
        mpd_qfinalize(&n->dec, &c->mpd, status);
}

/* Floats */

/* A double is m * 2^k with an integer m: exactly m * 5^-k shifted by k decimal places where k is negative. */
void number_from_double(Number *n, double d, uint32_t *status) {
    if (isnan(d) || isinf(d)) {
        mpd_setspecial(&n->dec, isinf(d) && d < 0 ? MPD_NEG : MPD_POS, isnan(d) ? MPD_NAN : MPD_INF);
        return;
    }
    int power;
    int64_t mantissa = (int64_t)ldexp(frexp(fabs(d), &power), 53);
    power -= 53;
    if (mantissa == 0)
        power = 0;
    else {
        int zeros = __builtin_ctzll((uint64_t)mantissa);
        mantissa >>= zeros;
        power += zeros;
    }
    mpd_context_t exact;
    mpd_maxcontext(&exact);
    Number factor, exponent;
    number_init(&factor);
    number_init(&exponent);
    mpd_qset_i64(&factor.dec, power < 0 ? 5 : 2, &exact, status);
    mpd_qset_i64(&exponent.dec, power < 0 ? -power : power, &exact, status);
    mpd_qpow(&factor.dec, &factor.dec, &exponent.dec, &exact, status);
    mpd_qset_i64(&n->dec, mantissa, &exact, status);
    mpd_qmul(&n->dec, &n->dec, &factor.dec, &exact, status);
    if (power < 0)
        n->dec.exp = power;
    mpd_set_sign(&n->dec, signbit(d) ? MPD_NEG : MPD_POS);
    number_free(&factor);
    number_free(&exponent);
}

Value decimal_from_real(Thread *t, Type *type, Value v, Context *c, bool exact) {
    Number n;
    uint32_t status = 0;
    number_init(&n);
    if (is_int(v))
        read_int(&n, v, c, exact, &status);
    else if (is_float(v)) {
        number_from_double(&n, float_value(v), &status);
        settle_exact(&n.dec, &status);
        if (!exact && !status)
            mpd_qfinalize(&n.dec, &c->mpd, &status);
    } else
        return raise_type_error(t, "argument must be int or float");
    return decimal_finish(t, type, &n, c, status);
}

/* Text */

/* The number's text in ASCII. Exact: blanks around it and underscores are dropped. What cannot be part of a number becomes a
 * text that is none. */
static bool clean_text(Thread *t, Value text, bool exact, TextBuf *out) {
    TextBuf raw;
    textbuf_init(&raw);
    bool ok = numeric_text(t, text, &raw);
    size_t start = 0, end = raw.size;
    while (ok && exact && start < end && is_number_space(raw.data[start]))
        start++;
    while (ok && exact && start < end && is_number_space(raw.data[end - 1]))
        end--;
    for (size_t i = start; ok && i < end; i++)
        if (!exact || raw.data[i] != '_')
            textbuf_byte(out, raw.data[i] ? raw.data[i] : '?');
    textbuf_free(&raw);
    return ok;
}

static void read_text(Number *n, const char *text, Context *c, bool exact, uint32_t *status) {
    if (!exact) {
        mpd_qset_string(&n->dec, text, &c->mpd, status);
        return;
    }
    mpd_context_t unlimited;
    mpd_maxcontext(&unlimited);
    mpd_qset_string(&n->dec, text, &unlimited, status);
    settle_exact(&n->dec, status);
}

static Value from_buffer(Thread *t, Type *type, TextBuf *text, Context *c, bool exact) {
    const char *string = textbuf_string(text);
    if (text->failed)
        return raise_no_memory(t);
    Number n;
    uint32_t status = 0;
    number_init(&n);
    read_text(&n, string, c, exact, &status);
    return decimal_finish(t, type, &n, c, status);
}

Value decimal_from_text(Thread *t, Type *type, Value text, Context *c, bool exact) {
    TextBuf clean;
    textbuf_init(&clean);
    Value result = clean_text(t, text, exact, &clean) ? from_buffer(t, type, &clean, c, exact) : NO_VALUE;
    textbuf_free(&clean);
    return result;
}

/* Tuples */

static Value bad_digits(Thread *t) { return raise_value_error(t, "coefficient must be a tuple of digits"); }

/* Infinity and NaNs carry a letter for an exponent. */
static Value read_special(Thread *t, Value exponent, TextBuf *text, bool *infinite) {
    *infinite = str_equal_text(exponent, "F");
    if (*infinite)
        textbuf_text(text, "Inf");
    else if (str_equal_text(exponent, "n"))
        textbuf_text(text, "NaN");
    else if (str_equal_text(exponent, "N"))
        textbuf_text(text, "sNaN");
    else
        return raise_value_error(t, "string argument in the third position must be 'F', 'n' or 'N'");
    return NONE;
}

/* (sign, digits, exponent) as the text of the number. */
static Value tuple_text(Thread *t, Value tuple, TextBuf *text) {
    if (tuple_length(tuple) != 3)
        return raise_value_error(t, "argument must be a sequence of length 3");
    Value sign = tuple_get(tuple, 0), digits = tuple_get(tuple, 1), exponent = tuple_get(tuple, 2);
    int64_t n, power = 0;
    if (!is_int(sign) || !int_to_i64(sign, &n) || (n != 0 && n != 1))
        return raise_value_error(t, "sign must be an integer with the value 0 or 1");
    if (n)
        textbuf_byte(text, '-');
    bool infinite = false;
    if (is_str(exponent))
        TRY(read_special(t, exponent, text, &infinite));
    else if (!is_int(exponent))
        return raise_value_error(t, "exponent must be an integer");
    else
        CHECK(decimal_integer(t, exponent, &power));
    if (!is_tuple(digits) && !is_list(digits))
        return bad_digits(t);
    digits = TRY(tuple_from_iterable(t, digits));
    if (tuple_length(digits) == 0 && !is_str(exponent))
        textbuf_byte(text, '0');
    for (size_t i = 0; i < tuple_length(digits); i++) {
        Value digit = tuple_get(digits, i);
        if (!is_int(digit) || !int_to_i64(digit, &n) || n < 0 || n > 9)
            return bad_digits(t);
        if (!infinite)
            textbuf_byte(text, (char)('0' + n));
    }
    if (!is_str(exponent))
        textbuf_format(text, "E%lld", (long long)power);
    return NONE;
}

static Value from_tuple(Thread *t, Type *type, Value v, Context *c, bool exact) {
    Value tuple = TRY(tuple_from_iterable(t, v));
    TextBuf text;
    textbuf_init(&text);
    Value result = present(tuple_text(t, tuple, &text)) ? from_buffer(t, type, &text, c, exact) : NO_VALUE;
    textbuf_free(&text);
    return result;
}

/* Any of them */

/* A Decimal for a context: a NaN whose payload is too long for it is an error. */
static Value from_decimal(Thread *t, Type *type, Value v, Context *c, bool exact) {
    const mpd_t *dec = &as_decimal(v)->dec;
    if (exact)
        return is_exactly(v, &decimal_type) && type == &decimal_type ? v : decimal_new(t, type, dec);
    Number n;
    uint32_t status = 0;
    number_init(&n);
    if (mpd_isnan(dec) && dec->digits > c->mpd.prec - c->mpd.clamp) {
        mpd_setspecial(&n.dec, MPD_POS, MPD_NAN);
        status = MPD_Conversion_syntax;
    } else {
        mpd_qcopy(&n.dec, dec, &status);
        mpd_qfinalize(&n.dec, &c->mpd, &status);
    }
    return decimal_finish(t, type, &n, c, status);
}

Value decimal_convert(Thread *t, Type *type, Value v, Context *c, bool exact) {
    if (is_decimal(v))
        return from_decimal(t, type, v, c, exact);
    if (is_str(v))
        return decimal_from_text(t, type, v, c, exact);
    if (is_float(v))
        CHECK(decimal_signal(t, c, MPD_Float_operation));
    if (is_int(v) || is_float(v))
        return decimal_from_real(t, type, v, c, exact);
    if (is_tuple(v) || is_list(v))
        return from_tuple(t, type, v, c, exact);
    return raise_type_error(t, "conversion from %T to Decimal is not supported", v);
}

/* Operands */

Operand decimal_operand(Thread *t, Value v, Context *c, Number *room, const mpd_t **out) {
    number_init(room);
    if (likely(is_decimal(v))) {
        *out = &as_decimal(v)->dec;
        return OPERAND_READY;
    }
    if (!is_int(v))
        return OPERAND_OTHER;
    uint32_t status = 0;
    read_int(room, v, c, true, &status);
    *out = &room->dec;
    return decimal_signal(t, c, status) ? OPERAND_READY : OPERAND_FAILED;
}

bool decimal_argument(Thread *t, Value v, Context *c, Number *room, const mpd_t **out) {
    Operand got = decimal_operand(t, v, c, room, out);
    if (got == OPERAND_OTHER)
        raise_type_error(t, "conversion from %T to Decimal is not supported", v);
    return got == OPERAND_READY;
}

/* Back to ints */

Value decimal_as_int(Thread *t, const mpd_t *dec, Context *c, int rounding) {
    if (mpd_isspecial(dec))
        return mpd_isnan(dec) ? raise_value_error(t, "cannot convert NaN to integer")
                              : raise_overflow_error(t, "cannot convert Infinity to integer");
    Number n;
    uint32_t status = 0;
    number_init(&n);
    mpd_context_t context = c->mpd;
    context.round = rounding;
    mpd_qround_to_int(&n.dec, dec, &context, &status);
    Value result = NO_VALUE;
    if (decimal_signal(t, c, status)) {
        status = 0;
        int64_t small = mpd_qget_i64(&n.dec, &status);
        if (!(status & MPD_Invalid_operation))
            result = int_from(t, small);
        else {
            status = 0;
            uint32_t *pieces = NULL;
            size_t count = mpd_qexport_u32(&pieces, 0, 1u << 16, &n.dec, &status), limbs = (count + 3) / 4;
            uint64_t *words = count == SIZE_MAX ? NULL : calloc(limbs, sizeof *words);
            for (size_t i = 0; words && i < count; i++)
                words[i / 4] |= (uint64_t)pieces[i] << (i % 4 * 16);
            result = words ? int_from_limbs(t, words, limbs, mpd_isnegative(&n.dec)) : raise_no_memory(t);
            free(words);
            mpd_free(pieces);
        }
    }
    number_free(&n);
    return result;
}
