/* array: one item in and out of memory.
 *
 * Threads: pure functions.
 */
#include "modules/array/array.h"

#include "object/operators.h"
#include "types/float.h"

#include <limits.h>

const ArrayKind array_kinds[] = {
    {'b', 1, 1, "b"},  {'B', 1, 0, "B"},  {'u', 4, 20, "w"}, {'w', 4, 20, "w"}, {'h', 2, 4, "h"},
    {'H', 2, 2, "H"},  {'i', 4, 8, "i"},  {'I', 4, 6, "I"},  {'l', 8, 12, "l"}, {'L', 8, 10, "L"},
    {'q', 8, 12, "q"}, {'Q', 8, 10, "Q"}, {'f', 4, 14, "f"}, {'d', 8, 16, "d"}, {0, 0, 0, NULL},
};

const ArrayKind *array_kind(uint32_t code) {
    for (const ArrayKind *k = array_kinds; k->code; k++)
        if ((uint32_t)k->code == code)
            return k;
    return NULL;
}

static int64_t load_signed(const char *from, int size) {
    int64_t i = 0;
    memcpy(&i, from, (size_t)size);
    int shift = 64 - size * 8;
    return (int64_t)((uint64_t)i << shift) >> shift;
}
static uint64_t load_unsigned(const char *from, int size) {
    uint64_t u = 0;
    memcpy(&u, from, (size_t)size);
    return u;
}

Value array_item(Thread *t, const ArrayKind *kind, const char *from) {
    switch (kind->code) {
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q': return int_from(t, load_signed(from, kind->size));
    case 'f': {
        float f;
        memcpy(&f, from, 4);
        return float_from_double(t, f);
    }
    case 'd': {
        double d;
        memcpy(&d, from, 8);
        return float_from_double(t, d);
    }
    case 'u':
    case 'w': {
        uint32_t c = (uint32_t)load_unsigned(from, 4);
        if (c > 0x10ffff)
            return raise_value_error(t, "character U+%x is not in range [U+0000; U+10ffff]", c);
        return str_from_char(t, c);
    }
    default: return int_from_unsigned(t, load_unsigned(from, kind->size));
    }
}

static bool overflow(Thread *t, const char *text) {
    raise_overflow_error(t, "%s", text);
    return false;
}

static bool set_signed(Thread *t, const ArrayKind *kind, char *to, Value index) {
    int64_t i;
    bool fits = int_to_i64(index, &i);
    if (!fits && kind->code == 'q')
        return overflow(t, "int too big to convert");
    if (!fits)
        return overflow(t, "Python int too large to convert to C long");
    static const struct {
        char code;
        int64_t most;
        const char *less, *greater;
    } limits[] = {
        {'b', INT8_MAX, "signed char is less than minimum", "signed char is greater than maximum"},
        {'h', INT16_MAX, "signed short integer is less than minimum", "signed short integer is greater than maximum"},
        {'i', INT32_MAX, "signed integer is less than minimum", "signed integer is greater than maximum"},
    };
    for (int k = 0; k < 3; k++) {
        if (limits[k].code != kind->code)
            continue;
        if (i > limits[k].most)
            return overflow(t, limits[k].greater);
        if (i < -limits[k].most - 1)
            return overflow(t, limits[k].less);
    }
    memcpy(to, &i, kind->size);
    return true;
}

static bool set_unsigned(Thread *t, const ArrayKind *kind, char *to, Value index) {
    uint64_t u;
    bool negative = int_sign(index) < 0, fits = int_to_u64(index, &u);
    switch (kind->code) {
    case 'B':
    case 'H':
        if (negative)
            return overflow(t, kind->code == 'B' ? "unsigned byte integer is less than minimum"
                                                 : "unsigned short is less than minimum");
        if (!fits || u > (kind->code == 'B' ? UINT8_MAX : UINT16_MAX))
            return overflow(t, kind->code == 'B' ? "unsigned byte integer is greater than maximum"
                                                 : "unsigned short is greater than maximum");
        break;
    case 'Q':
        if (negative)
            return overflow(t, "can't convert negative int to unsigned");
        if (!fits)
            return overflow(t, "int too big to convert");
        break;
    default:
        if (negative)
            return overflow(t, "can't convert negative value to unsigned int");
        if (!fits)
            return overflow(t, "Python int too large to convert to C unsigned long");
        if (kind->code == 'I' && u > UINT32_MAX)
            return overflow(t, "unsigned int is greater than maximum");
    }
    memcpy(to, &u, kind->size);
    return true;
}

bool array_set_item(Thread *t, const ArrayKind *kind, char *to, Value v) {
    if (kind->code == 'f' || kind->code == 'd') {
        double d;
        if (!to_double(t, v, &d))
            return false;
        float f = (float)d;
        memcpy(to, kind->code == 'f' ? (void *)&f : (void *)&d, kind->size);
        return true;
    }
    if (kind->code == 'u' || kind->code == 'w') {
        if (!is_str(v)) {
            raise_type_error(t, "array item must be a unicode character, not %T", v);
            return false;
        }
        if (str_length(v) != 1) {
            raise_type_error(t, "array item must be a unicode character, not a string of length %zu", str_length(v));
            return false;
        }
        uint32_t c = str_char(str_data(t, v), str_kind(v), 0);
        memcpy(to, &c, 4);
        return true;
    }
    Value index = index_of(t, v);
    if (absent(index))
        return false;
    bool is_signed = strchr("bhilq", kind->code) != NULL;
    return is_signed ? set_signed(t, kind, to, index) : set_unsigned(t, kind, to, index);
}
