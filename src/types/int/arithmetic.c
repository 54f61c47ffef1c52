/* int: + - * / // % divmod pow.
 *
 * Every operation starts with the case of two small ints, in a few instructions; the rest works on sign and
 * magnitude with GMP. Operands may be small ints, bools, or instances of subclasses; results are exactly int.
 * Threads: pure functions.
 */
#include "types/int/int_layout.h"

#include "types/float.h"
#include "types/rounding.h"
#include "types/tuple.h"

static Value copy_limbs(Thread *t, const IntView *v, bool negative) {
    return int_from_limbs(t, v->limbs, v->count, negative);
}

static Value add_magnitudes(Thread *t, const IntView *a, const IntView *b, bool negative) {
    if (a->count < b->count) {
        const IntView *other = a;
        a = b;
        b = other;
    }
    if (b->count == 0)
        return copy_limbs(t, a, negative);
    IntObject *r = int_allocate(t, a->count + 1);
    if (r == NULL)
        return NO_VALUE;
    r->limbs[a->count] = mpn_add(r->limbs, a->limbs, (mp_size_t)a->count, b->limbs, (mp_size_t)b->count);
    return int_finish(r, a->count + 1, negative);
}

static int compare_magnitudes(const IntView *a, const IntView *b) {
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    return a->count ? mpn_cmp(a->limbs, b->limbs, (mp_size_t)a->count) : 0;
}

/* |a| - |b|, its sign turned round if `negative`. */
static Value subtract_magnitudes(Thread *t, const IntView *a, const IntView *b, bool negative) {
    int order = compare_magnitudes(a, b);
    if (order == 0)
        return small_int(0);
    if (order < 0) {
        const IntView *other = a;
        a = b;
        b = other;
        negative = !negative;
    }
    if (b->count == 0)
        return copy_limbs(t, a, negative);
    IntObject *r = int_allocate(t, a->count);
    if (r == NULL)
        return NO_VALUE;
    mpn_sub(r->limbs, a->limbs, (mp_size_t)a->count, b->limbs, (mp_size_t)b->count);
    return int_finish(r, a->count, negative);
}

Value int_add(Thread *t, Value a, Value b) {
    int64_t sum;
    if (likely(is_small_int(a) && is_small_int(b)) &&
        likely(!__builtin_add_overflow((int64_t)a.bits, (int64_t)(b.bits - 1), &sum)))
        return (Value){(uint64_t)sum};
    IntView x, y;
    view_int(a, &x);
    view_int(b, &y);
    return x.negative == y.negative ? add_magnitudes(t, &x, &y, x.negative)
                                    : subtract_magnitudes(t, &x, &y, x.negative);
}

Value int_sub(Thread *t, Value a, Value b) {
    int64_t difference;
    if (likely(is_small_int(a) && is_small_int(b)) &&
        likely(!__builtin_sub_overflow((int64_t)a.bits, (int64_t)(b.bits - 1), &difference)))
        return (Value){(uint64_t)difference};
    IntView x, y;
    view_int(a, &x);
    view_int(b, &y);
    return x.negative != y.negative ? add_magnitudes(t, &x, &y, x.negative)
                                    : subtract_magnitudes(t, &x, &y, x.negative);
}

static Value multiply_views(Thread *t, const IntView *x, const IntView *y) {
    if (x->count < y->count) {
        const IntView *other = x;
        x = y;
        y = other;
    }
    if (y->count == 0)
        return small_int(0);
    bool negative = x->negative != y->negative;
    IntObject *r = int_allocate(t, x->count + y->count);
    if (r == NULL || (y->count > 1 && !int_work_room(t, x->count + y->count)))
        return NO_VALUE;
    if (y->count == 1)
        r->limbs[x->count] = mpn_mul_1(r->limbs, x->limbs, (mp_size_t)x->count, y->limbs[0]);
    else if (x->limbs == y->limbs)
        mpn_sqr(r->limbs, x->limbs, (mp_size_t)x->count);
    else
        mpn_mul(r->limbs, x->limbs, (mp_size_t)x->count, y->limbs, (mp_size_t)y->count);
    return int_finish(r, x->count + y->count, negative);
}

Value int_mul(Thread *t, Value a, Value b) {
    if (likely(is_small_int(a) && is_small_int(b))) {
        int64_t product;
        if (likely(!__builtin_mul_overflow((int64_t)(a.bits - 1), small_int_value(b), &product)))
            return (Value){(uint64_t)product | 1};
        __int128 wide = (__int128)small_int_value(a) * small_int_value(b);
        unsigned __int128 magnitude = wide < 0 ? -(unsigned __int128)wide : (unsigned __int128)wide;
        uint64_t limbs[2] = {(uint64_t)magnitude, (uint64_t)(magnitude >> 64)};
        return int_from_limbs(t, limbs, 2, wide < 0);
    }
    IntView x, y;
    view_int(a, &x);
    view_int(b, &y);
    return multiply_views(t, &x, &y);
}

Value int_neg(Thread *t, Value a) {
    if (likely(is_small_int(a)))
        return int_from(t, -small_int_value(a));
    IntView x;
    view_int(a, &x);
    return copy_limbs(t, &x, !x.negative);
}

static Value division_by_zero(Thread *t) {
    return raise_error(t, &ZeroDivisionError_type, "division by zero");
}

/* Quotient rounded down and remainder with the divisor's sign, of operands that are not both small ints.
 * Either result may be NULL: not wanted. */
static bool divide_views(Thread *t, Value a, const IntView *x, const IntView *y, Value *quotient,
                         Value *remainder) {
    bool negative = x->negative != y->negative;
    if (compare_magnitudes(x, y) < 0) {
        bool adjust = negative && x->count;
        if (quotient)
            *quotient = small_int(adjust ? -1 : 0);
        if (remainder) {
            *remainder = adjust ? subtract_magnitudes(t, y, x, y->negative) : copy_limbs(t, x, x->negative);
            return present(*remainder);
        }
        return true;
    }
    size_t quotient_count = x->count - y->count + 1;
    IntObject *q = int_allocate(t, quotient_count + 1);
    IntObject *r = q ? int_allocate(t, y->count) : NULL;
    if (r == NULL || !int_work_room(t, x->count + y->count))
        return false;
    mpn_tdiv_qr(q->limbs, r->limbs, 0, x->limbs, (mp_size_t)x->count, y->limbs, (mp_size_t)y->count);
    if (negative && stripped(r->limbs, y->count)) {
        q->limbs[quotient_count] = mpn_add_1(q->limbs, q->limbs, (mp_size_t)quotient_count, 1);
        mpn_sub_n(r->limbs, y->limbs, r->limbs, (mp_size_t)y->count);
        quotient_count++;
    }
    if (quotient)
        *quotient = int_finish(q, quotient_count, negative);
    if (remainder)
        *remainder = int_finish(r, y->count, y->negative);
    return true;
}

Value int_floordiv(Thread *t, Value a, Value b) {
    if (likely(is_small_int(a) && is_small_int(b))) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        if (unlikely(y == 0))
            return division_by_zero(t);
        int64_t q = x / y;
        return int_from(t, q - ((x % y != 0) & ((x ^ y) < 0)));
    }
    IntView x, y;
    view_int(a, &x);
    view_int(b, &y);
    if (y.count == 0)
        return division_by_zero(t);
    Value quotient;
    return divide_views(t, a, &x, &y, &quotient, NULL) ? quotient : NO_VALUE;
}

Value int_mod(Thread *t, Value a, Value b) {
    if (likely(is_small_int(a) && is_small_int(b))) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        if (unlikely(y == 0))
            return division_by_zero(t);
        int64_t r = x % y;
        return small_int(r + (r != 0 && (r ^ y) < 0 ? y : 0));
    }
    IntView x, y;
    view_int(a, &x);
    view_int(b, &y);
    if (y.count == 0)
        return division_by_zero(t);
    Value remainder;
    return divide_views(t, a, &x, &y, NULL, &remainder) ? remainder : NO_VALUE;
}

Value int_divmod(Thread *t, Value a, Value b) {
    Value quotient, remainder;
    if (is_small_int(a) && is_small_int(b)) {
        quotient = TRY(int_floordiv(t, a, b));
        remainder = TRY(int_mod(t, a, b));
    } else {
        IntView x, y;
        view_int(a, &x);
        view_int(b, &y);
        if (y.count == 0)
            return division_by_zero(t);
        CHECK(divide_views(t, a, &x, &y, &quotient, &remainder));
    }
    return tuple_pack(t, 2, quotient, remainder);
}

/* The quotient is computed as an integer of 55 or 56 bits whose last bit also says whether there was a
 * remainder, so that it is rounded only once. */
static Value divide_exactly(Thread *t, const IntView *x, const IntView *y) {
    bool negative = x->negative != y->negative;
    int64_t x_bits = (int64_t)view_bit_length(x), y_bits = (int64_t)view_bit_length(y);
    int64_t shift = x_bits - y_bits - 55;
    if (x_bits - y_bits > 1024)
        return raise_overflow_error(t, "integer division result too large for a float");
    if (x_bits - y_bits < -1076)
        return float_from_double(t, negative ? -0.0 : 0.0);
    if (shift < -1076)
        shift = -1076;
    size_t drop = shift > 0 ? (size_t)shift / 64 : 0, add = shift < 0 ? (size_t)(-shift + 63) / 64 : 0;
    size_t count = x->count - drop + add + 1;
    IntObject *n = int_allocate_zeroed(t, count);
    IntObject *q = n ? int_allocate(t, count + 1) : NULL;
    IntObject *r = q ? int_allocate(t, y->count) : NULL;
    if (r == NULL || !int_work_room(t, count + y->count))
        return NO_VALUE;
    bool rest = false;
    if (shift <= 0) {
        size_t limbs = (size_t)-shift / 64;
        unsigned bits = (unsigned)(-shift % 64);
        if (bits)
            n->limbs[limbs + x->count] = mpn_lshift(n->limbs + limbs, x->limbs, (mp_size_t)x->count, bits);
        else
            memcpy(n->limbs + limbs, x->limbs, x->count * sizeof(uint64_t));
    } else {
        unsigned bits = (unsigned)(shift % 64);
        rest = stripped(x->limbs, drop) != 0;
        if (bits)
            rest |= mpn_rshift(n->limbs, x->limbs + drop, (mp_size_t)(x->count - drop), bits) != 0;
        else
            memcpy(n->limbs, x->limbs + drop, (x->count - drop) * sizeof(uint64_t));
    }
    count = stripped(n->limbs, count);
    uint64_t mantissa = 0;
    if (count >= y->count) {
        mpn_tdiv_qr(q->limbs, r->limbs, 0, n->limbs, (mp_size_t)count, y->limbs, (mp_size_t)y->count);
        mantissa = q->limbs[0];
        rest |= stripped(r->limbs, y->count) != 0;
    } else {
        rest = true;
    }
    /* One more bit at the bottom keeps the remainder apart from the quotient's own last bit. */
    double result = round_to_double(mantissa << 1 | rest, shift - 1);
    if (isinf(result))
        return raise_overflow_error(t, "integer division result too large for a float");
    return float_from_double(t, negative ? -result : result);
}

Value int_truediv(Thread *t, Value a, Value b) {
    const int64_t exact = INT64_C(1) << 53;
    if (likely(is_small_int(a) && is_small_int(b))) {
        int64_t x = small_int_value(a), y = small_int_value(b);
        if (likely(x <= exact && x >= -exact && y <= exact && y >= -exact && y != 0))
            return float_from_double(t, (double)x / (double)y);
    }
    IntView x, y;
    view_int(a, &x);
    view_int(b, &y);
    if (y.count == 0)
        return division_by_zero(t);
    if (x.count == 0)
        return float_from_double(t, y.negative ? -0.0 : 0.0);
    return divide_exactly(t, &x, &y);
}

static mpz_srcptr read_only(mpz_t z, const IntView *v) {
    return mpz_roinit_n(z, v->limbs, v->negative ? -(mp_size_t)v->count : (mp_size_t)v->count);
}

static Value from_mpz(Thread *t, mpz_srcptr z) {
    return int_from_limbs(t, mpz_limbs_read(z), mpz_size(z), mpz_sgn(z) < 0);
}

static Value power_modulo(Thread *t, Value base, Value exponent, Value modulus) {
    IntView b, e, m;
    view_int(base, &b);
    view_int(exponent, &e);
    view_int(modulus, &m);
    if (m.count == 0)
        return raise_value_error(t, "pow() 3rd argument cannot be 0");
    CHECK(int_work_room(t, 2 * m.count + b.count + e.count));
    mpz_t zb, ze, zm, result;
    mpz_srcptr rb = read_only(zb, &b), re = read_only(ze, &e), rm = read_only(zm, &m);
    mpz_init(result);
    Value v;
    if (e.negative && mpz_invert(result, rb, rm) == 0 && mpz_cmpabs_ui(rm, 1) != 0) {
        v = raise_value_error(t, "base is not invertible for the given modulus");
    } else {
        mpz_powm(result, rb, re, rm);
        if (m.negative && mpz_sgn(result) > 0)
            mpz_add(result, result, rm);
        v = from_mpz(t, result);
    }
    mpz_clear(result);
    return v;
}

/* By squaring, from the exponent's highest bit down. */
static Value power_by_squaring(Thread *t, Value base, uint64_t exponent) {
    Value result = base;
    for (int bit = 62 - __builtin_clzll(exponent); bit >= 0; bit--) {
        result = TRY(int_mul(t, result, result));
        if (exponent >> bit & 1)
            result = TRY(int_mul(t, result, base));
        CHECK(safepoint_inside(t));
    }
    return result;
}

Value int_pow(Thread *t, Value a, Value b, Value modulus) {
    if (present(modulus) && !is_none(modulus))
        return power_modulo(t, a, b, modulus);
    if (int_sign(b) < 0) {
        double x, y;
        CHECK(int_as_double(t, a, &x) && int_as_double(t, b, &y));
        return float_power(t, x, y);
    }
    int64_t base, exponent;
    bool small = small_value(a, &base);
    if (small && (base == 0 || base == 1 || base == -1)) {
        bool odd = int_mask_u64(b) & 1;
        return small_int(int_sign(b) == 0 || (base == -1 && !odd) ? 1 : base);
    }
    if (!small_value(b, &exponent))
        return raise_no_memory(t); /* the result would have at least 2^63 bits */
    if (exponent == 0)
        return small_int(1);
    if (small && fits_small_int(base))
        a = small_int(base);
    if (small && base > 1 && (base & (base - 1)) == 0) {
        int64_t bits;
        if (__builtin_mul_overflow((int64_t)__builtin_ctzll((uint64_t)base), exponent, &bits))
            return raise_no_memory(t);
        return int_lshift(t, small_int(1), small_int(bits));
    }
    if ((unsigned __int128)int_bit_length(a) * (uint64_t)exponent >> (INT_MAX_LIMBS_BITS + 7))
        return raise_no_memory(t);
    return power_by_squaring(t, a, (uint64_t)exponent);
}
