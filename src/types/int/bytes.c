/* int: to_bytes and from_bytes, two's complement of a given width.
 *
 * Threads: pure functions.
 */
#include "types/int/int_layout.h"

#include "types/bytes.h"

static uint8_t byte_of(const IntView *v, size_t i) {
    return i / 8 < v->count ? (uint8_t)(v->limbs[i / 8] >> i % 8 * 8) : 0;
}

static bool fits_bytes(const IntView *v, size_t length, bool is_signed) {
    uint64_t bits = view_bit_length(v);
    if (!is_signed)
        return bits <= length * 8;
    if (v->count == 0)
        return true;
    if (v->negative && bits == length * 8) { /* only the power of two itself */
        if (v->limbs[v->count - 1] & (v->limbs[v->count - 1] - 1))
            return false;
        return stripped(v->limbs, v->count - 1) == 0;
    }
    return bits < length * 8;
}

Value int_to_bytes(Thread *t, Value v, size_t length, bool big_endian, bool is_signed) {
    IntView view;
    view_int(v, &view);
    if (view.negative && !is_signed)
        return raise_overflow_error(t, "can't convert negative int to unsigned");
    if (!fits_bytes(&view, length, is_signed))
        return raise_overflow_error(t, "int too big to convert");
    Value result = TRY(bytes_new(t, NULL, length));
    uint8_t *to = (uint8_t *)as_bytes(result)->data;
    unsigned carry = 1;
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = byte_of(&view, i);
        if (view.negative) {
            unsigned sum = (uint8_t)~byte + carry;
            byte = (uint8_t)sum;
            carry = sum >> 8;
        }
        to[big_endian ? length - 1 - i : i] = byte;
    }
    return result;
}

Value int_from_bytes(Thread *t, const uint8_t *bytes, size_t length, bool big_endian, bool is_signed) {
    size_t count = (length + 7) / 8;
    uint64_t small[8] = {0};
    IntObject *r = NULL;
    uint64_t *limbs = small;
    if (count > 8) {
        r = int_allocate_zeroed(t, count);
        if (r == NULL)
            return NO_VALUE;
        limbs = r->limbs;
    }
    for (size_t i = 0; i < length; i++)
        limbs[i / 8] |= (uint64_t)bytes[big_endian ? length - 1 - i : i] << i % 8 * 8;
    bool negative = is_signed && length && (bytes[big_endian ? 0 : length - 1] & 0x80);
    if (negative) {
        if (length % 8)
            limbs[count - 1] |= ~UINT64_C(0) << length % 8 * 8;
        mpn_neg(limbs, limbs, (mp_size_t)count);
    }
    return r ? int_finish(r, count, negative) : int_from_limbs(t, limbs, count, negative);
}
