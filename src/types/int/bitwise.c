/* int: shifts, & | ^ ~, on two's complement of unlimited width.
 *
 * Threads: pure functions.
 */
#include "types/int/int_layout.h"

/* Reads the limbs of a number's two's complement from the lowest up, without end. */
typedef struct Complement {
    const IntView *view;
    size_t next;
    bool carry;
} Complement;

static inline uint64_t next_limb(Complement *c) {
    uint64_t limb = c->next < c->view->count ? c->view->limbs[c->next] : 0;
    c->next++;
    if (!c->view->negative)
        return limb;
    limb = ~limb + c->carry;
    c->carry = c->carry && limb == 0;
    return limb;
}

typedef enum Bitwise { AND, OR, XOR } Bitwise;

static inline uint64_t combine(Bitwise op, uint64_t a, uint64_t b) {
    return op == AND ? a & b : op == OR ? a | b : a ^ b;
}

static Value bitwise_views(Thread *t, Bitwise op, const IntView *a, const IntView *b) {
    bool negative = combine(op, a->negative, b->negative);
    size_t count = (a->count > b->count ? a->count : b->count) + 1;
    if (op == AND && !a->negative && !b->negative)
        count = a->count < b->count ? a->count : b->count;
    IntObject *r = int_allocate(t, count);
    if (r == NULL)
        return NO_VALUE;
    Complement x = {a, 0, true}, y = {b, 0, true};
    for (size_t i = 0; i < count; i++)
        r->limbs[i] = combine(op, next_limb(&x), next_limb(&y));
    if (negative)
        mpn_neg(r->limbs, r->limbs, (mp_size_t)count);
    return int_finish(r, count, negative);
}

static Value bitwise_slow(Thread *t, Bitwise op, Value a, Value b) {
    IntView x, y;
    view_int(a, &x);
    view_int(b, &y);
    return bitwise_views(t, op, &x, &y);
}

Value int_and(Thread *t, Value a, Value b) {
    if (likely(is_small_int(a) && is_small_int(b)))
        return (Value){a.bits & b.bits};
    return bitwise_slow(t, AND, a, b);
}

Value int_or(Thread *t, Value a, Value b) {
    if (likely(is_small_int(a) && is_small_int(b)))
        return (Value){a.bits | b.bits};
    return bitwise_slow(t, OR, a, b);
}

Value int_xor(Thread *t, Value a, Value b) {
    if (likely(is_small_int(a) && is_small_int(b)))
        return (Value){(a.bits ^ b.bits) | 1};
    return bitwise_slow(t, XOR, a, b);
}

Value int_invert(Thread *t, Value a) {
    if (likely(is_small_int(a)))
        return (Value){~a.bits | 1};
    return int_sub(t, small_int(-1), a);
}

Value int_lshift(Thread *t, Value a, Value b) {
    int64_t shift, value;
    if (int_sign(b) < 0)
        return raise_value_error(t, "negative shift count");
    IntView x;
    view_int(a, &x);
    if (x.count == 0)
        return small_int(0);
    if (!int_to_i64(b, &shift))
        return raise_overflow_error(t, "too many digits in integer");
    if (shift < 62 && small_value(a, &value)) {
        int64_t shifted = (int64_t)((uint64_t)value << shift);
        if (shifted >> shift == value && fits_small_int(shifted))
            return small_int(shifted);
    }
    size_t limbs = (size_t)shift / 64;
    unsigned bits = (unsigned)(shift % 64);
    IntObject *r = int_allocate_zeroed(t, limbs + x.count + 1);
    if (r == NULL)
        return NO_VALUE;
    if (bits)
        r->limbs[limbs + x.count] = mpn_lshift(r->limbs + limbs, x.limbs, (mp_size_t)x.count, bits);
    else
        memcpy(r->limbs + limbs, x.limbs, x.count * sizeof(uint64_t));
    return int_finish(r, limbs + x.count + 1, x.negative);
}

Value int_rshift(Thread *t, Value a, Value b) {
    int64_t shift;
    if (likely(is_small_int(a) && is_small_int(b) && (int64_t)b.bits > 0)) {
        shift = small_int_value(b);
        return small_int(small_int_value(a) >> (shift > 63 ? 63 : shift));
    }
    if (int_sign(b) < 0)
        return raise_value_error(t, "negative shift count");
    IntView x;
    view_int(a, &x);
    if (!int_to_i64(b, &shift) || (uint64_t)shift / 64 >= x.count)
        return small_int(x.negative ? -1 : 0);
    size_t drop = (size_t)shift / 64, count = x.count - drop;
    unsigned bits = (unsigned)(shift % 64);
    IntObject *r = int_allocate_zeroed(t, count + 1);
    if (r == NULL)
        return NO_VALUE;
    bool rest = stripped(x.limbs, drop) != 0;
    if (bits)
        rest |= mpn_rshift(r->limbs, x.limbs + drop, (mp_size_t)count, bits) != 0;
    else
        memcpy(r->limbs, x.limbs + drop, count * sizeof(uint64_t));
    if (x.negative && rest) /* towards minus infinity */
        r->limbs[count] = mpn_add_1(r->limbs, r->limbs, (mp_size_t)count, 1);
    return int_finish(r, count + 1, x.negative);
}
