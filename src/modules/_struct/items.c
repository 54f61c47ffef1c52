/* _struct: one value in and out of bytes.
 *
 * Threads: pure functions.
 */
#include "modules/_struct/struct.h"

#include "base/byte_order.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/complex.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/tuple.h"

static void put_bytes(const StructFormat *s, char *to, uint64_t bits, int size) {
    for (int i = 0; i < size; i++)
        to[s->big_endian ? size - 1 - i : i] = (char)(bits >> 8 * i);
}
static uint64_t get_bytes(const StructFormat *s, const char *from, int size) {
    uint64_t bits = 0;
    for (int i = 0; i < size; i++)
        bits |= (uint64_t)(uint8_t)from[s->big_endian ? size - 1 - i : i] << 8 * i;
    return bits;
}

/* Floats */

/* A double as IEEE binary16, rounded half to even. false: too large. */
static bool half_from_double(double x, uint16_t *out) {
    uint16_t sign = signbit(x) ? 0x8000 : 0;
    if (isnan(x)) {
        *out = sign | 0x7e00;
        return true;
    }
    x = fabs(x);
    if (isinf(x) || x == 0) {
        *out = sign | (x == 0 ? 0 : 0x7c00);
        return true;
    }
    int exponent;
    frexp(x, &exponent);
    exponent--; /* x is in [2^exponent, 2^(exponent+1)) */
    int unit = exponent < -14 ? -24 : exponent - 10; /* of the last bit of the fraction */
    double scaled = rint(ldexp(x, -unit)); /* 1024..2048, or less for a subnormal */
    uint32_t bits = (uint32_t)scaled;
    if (exponent >= -14)
        bits += (uint32_t)(exponent + 14) << 10; /* a carry out of the fraction raises the exponent by itself */
    if (bits >= 0x7c00)
        return false;
    *out = (uint16_t)(sign | bits);
    return true;
}

static double double_from_half(uint16_t bits) {
    int exponent = bits >> 10 & 31;
    double fraction = bits & 1023, x;
    if (exponent == 31)
        x = fraction ? NAN : INFINITY;
    else
        x = exponent ? ldexp(fraction + 1024, exponent - 25) : ldexp(fraction, -24);
    return bits & 0x8000 ? -x : x;
}

static bool put_float(Thread *t, const StructFormat *s, char code, char *to, double x) {
    uint64_t bits = 0;
    if (code == 'e') {
        uint16_t half = 0;
        if (!half_from_double(x, &half)) {
            raise_overflow_error(t, "float too large to pack with e format");
            return false;
        }
        put_bytes(s, to, half, 2);
    } else if (code == 'f') {
        float single = (float)x;
        uint32_t word;
        if (isinf(single) && isfinite(x)) {
            raise_overflow_error(t, "float too large to pack with f format");
            return false;
        }
        memcpy(&word, &single, 4);
        put_bytes(s, to, word, 4);
    } else {
        memcpy(&bits, &x, 8);
        put_bytes(s, to, bits, 8);
    }
    return true;
}

static double get_float(const StructFormat *s, char code, const char *from) {
    if (code == 'e')
        return double_from_half((uint16_t)get_bytes(s, from, 2));
    if (code == 'f') {
        uint32_t word = (uint32_t)get_bytes(s, from, 4);
        float single;
        memcpy(&single, &word, 4);
        return single;
    }
    uint64_t bits = get_bytes(s, from, 8);
    double x;
    memcpy(&x, &bits, 8);
    return x;
}

static bool pack_float(Thread *t, const StructFormat *s, const StructItem *item, char *to, Value v) {
    double x;
    if (!to_double(t, v, &x)) {
        error_clear(t);
        struct_error(t, "required argument is not a float");
        return false;
    }
    return put_float(t, s, item->code, to, x);
}

static bool pack_complex(Thread *t, const StructFormat *s, const StructItem *item, char *to, Value v) {
    double real, imag;
    if (!complex_from_object(t, v, &real, &imag)) {
        error_clear(t);
        struct_error(t, "required argument is not a complex");
        return false;
    }
    char code = item->code == 'F' ? 'f' : 'd';
    return put_float(t, s, code, to, real) && put_float(t, s, code, to + item->size / 2, imag);
}

/* Ints */

static bool is_signed_code(char code) { return strchr("bhilqn", code) != NULL; }

static bool pack_int(Thread *t, const StructFormat *s, const StructItem *item, char *to, Value v) {
    if (!is_int(v)) {
        Value index = absent(type_lookup(type_of(v), names.__index__)) ? NO_VALUE : index_of(t, v);
        if (absent(index)) {
            if (!error_pending(t))
                struct_error(t, "required argument is not an integer");
            return false;
        }
        v = index;
    }
    int bits = item->size * 8;
    if (item->code == 'P') {
        int64_t i;
        if (int_sign(v) < 0 ? !int_to_i64(v, &i) : int_bit_length(v) > 64) {
            struct_error(t, "int too large to convert");
            return false;
        }
        put_bytes(s, to, int_mask_u64(v), 8);
        return true;
    }
    if (is_signed_code(item->code)) {
        int64_t i, most = (int64_t)(UINT64_MAX >> (65 - bits));
        if (!int_to_i64(v, &i) || i > most || i < -most - 1) {
            struct_error(t, "'%c' format requires %lld <= number <= %lld", item->code, (long long)(-most - 1),
                         (long long)most);
            return false;
        }
        put_bytes(s, to, (uint64_t)i, item->size);
        return true;
    }
    uint64_t u, most = UINT64_MAX >> (64 - bits);
    if (!int_to_u64(v, &u) || u > most) {
        Value shown = int_from_unsigned(t, most);
        struct_error(t, "'%c' format requires 0 <= number <= %S", item->code, shown);
        return false;
    }
    put_bytes(s, to, u, item->size);
    return true;
}

/* Bytes */

static bool text_bytes(Thread *t, char code, Value v, const char **data, size_t *length) {
    if (is_bytes(v)) {
        *data = as_bytes(v)->data;
        *length = as_bytes(v)->length;
        return true;
    }
    if (is_instance_of(v, &bytearray_type)) {
        ByteArrayObject *b = (ByteArrayObject *)as_object(v);
        *data = b->storage ? b->storage->data + b->start : "";
        *length = b->length;
        return true;
    }
    struct_error(t, "argument for '%c' must be a bytes object", code);
    return false;
}

static bool pack_text(Thread *t, const StructItem *item, char *to, Value v) {
    const char *data;
    size_t length, room = item->count;
    if (!text_bytes(t, item->code, v, &data, &length))
        return false;
    memset(to, 0, room);
    if (item->code == 'p') { /* Pascal's: a length byte first */
        if (room == 0)
            return true;
        room--;
        if (length > room)
            length = room;
        *to++ = (char)(length < 255 ? length : 255);
    }
    memcpy(to, data, length < room ? length : room);
    keep_alive(as_object(v));
    return true;
}

static Value unpack_text(Thread *t, const StructItem *item, const char *from) {
    if (item->code == 's')
        return bytes_new(t, from, item->count);
    if (item->count == 0)
        return empty_bytes;
    size_t length = (uint8_t)*from;
    return bytes_new(t, from + 1, length < item->count ? length : item->count - 1);
}

static bool pack_value(Thread *t, const StructFormat *s, const StructItem *item, char *to, Value v) {
    switch (item->code) {
    case 'e':
    case 'f':
    case 'd': return pack_float(t, s, item, to, v);
    case 'F':
    case 'D': return pack_complex(t, s, item, to, v);
    case 's':
    case 'p': return pack_text(t, item, to, v);
    case 'c':
        if (!is_bytes(v) || as_bytes(v)->length != 1) {
            struct_error(t, "char format requires a bytes object of length 1");
            return false;
        }
        *to = as_bytes(v)->data[0];
        return true;
    case '?': {
        bool yes;
        if (!as_bool(t, v, &yes))
            return false;
        *to = yes;
        return true;
    }
    default: return pack_int(t, s, item, to, v);
    }
}

static Value unpack_value(Thread *t, const StructFormat *s, const StructItem *item, const char *from) {
    switch (item->code) {
    case 'e':
    case 'f':
    case 'd': return float_from_double(t, get_float(s, item->code, from));
    case 'F':
        return complex_new(t, get_float(s, 'f', from), get_float(s, 'f', from + 4));
    case 'D':
        return complex_new(t, get_float(s, 'd', from), get_float(s, 'd', from + 8));
    case 's':
    case 'p': return unpack_text(t, item, from);
    case 'c': return bytes_new(t, from, 1);
    case '?': return from_bool(*from != 0);
    }
    uint64_t bits = get_bytes(s, from, item->size);
    if (!is_signed_code(item->code))
        return int_from_unsigned(t, bits);
    int shift = 64 - item->size * 8;
    return int_from(t, (int64_t)(bits << shift) >> shift);
}

/* A word of 1, 2, 4 or 8 bytes. */
static inline uint64_t get_word(const char *from, int size, bool big_endian) {
    uint64_t bits = size == 1 ? (uint8_t)*from : size == 2 ? get_le16(from) : size == 4 ? get_le32(from) : get_le64(from);
    return big_endian ? __builtin_bswap64(bits) >> (64 - 8 * size) : bits;
}

static inline void put_word(char *to, uint64_t bits, int size, bool big_endian) {
    if (big_endian)
        bits = __builtin_bswap64(bits) >> (64 - 8 * size);
    if (size == 1)
        *to = (char)bits;
    else if (size == 2)
        put_le16(to, (uint16_t)bits);
    else if (size == 4)
        put_le32(to, (uint32_t)bits);
    else
        put_le64(to, bits);
}

static inline bool pack_at_once(const StructItem *item, char *to, Value v, bool big_endian) {
    int size = item->size, shift = 64 - 8 * size;
    if (item->step == STEP_DOUBLE) {
        if (!is_exactly(v, &float_type))
            return false;
        double x = float_value(v);
        uint64_t bits;
        memcpy(&bits, &x, sizeof bits);
        put_word(to, bits, 8, big_endian);
        return true;
    }
    if (item->step == STEP_OTHER || !is_small_int(v))
        return false;
    int64_t i = small_int_value(v);
    bool fits = item->step == STEP_SIGNED ? (int64_t)((uint64_t)i << shift) >> shift == i
                                          : i >= 0 && (uint64_t)i << shift >> shift == (uint64_t)i;
    if (fits)
        put_word(to, (uint64_t)i, size, big_endian);
    return fits;
}

bool struct_pack_item(Thread *t, const StructFormat *s, const StructItem *item, char *to, const Value *values) {
    size_t count = struct_values_of(item);
    to += item->offset;
    for (size_t k = 0; k < count; k++, to += item->size)
        if (!pack_at_once(item, to, values[k], s->big_endian) && !pack_value(t, s, item, to, values[k]))
            return false;
    return true;
}

static inline Value unpack_one(Thread *t, const StructFormat *s, const StructItem *item, const char *from) {
    int size = item->size, shift = 64 - 8 * size;
    if (item->step == STEP_OTHER)
        return unpack_value(t, s, item, from);
    uint64_t bits = get_word(from, size, s->big_endian);
    if (item->step == STEP_SIGNED)
        return int_from(t, (int64_t)(bits << shift) >> shift);
    if (item->step == STEP_UNSIGNED)
        return bits >> 62 ? int_from_unsigned(t, bits) : small_int((int64_t)bits);
    double x;
    memcpy(&x, &bits, sizeof x);
    return float_from_double(t, x);
}

bool struct_unpack_item(Thread *t, const StructFormat *s, const StructItem *item, const char *from, Value tuple, size_t at) {
    size_t count = struct_values_of(item);
    from += item->offset;
    for (size_t k = 0; k < count; k++, from += item->size) {
        Value v = unpack_one(t, s, item, from);
        if (absent(v))
            return false;
        store(as_object(tuple), &as_tuple(tuple)->items[at + k], v);
    }
    return true;
}
