/* Single items of a memoryview: between memory and Python values, for the native formats of the struct module. */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/complex.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/memoryview.h"
#include "types/module.h"
#include "types/str/str.h"
#include "types/tuple.h"

#include <string.h>

bool view_format_size(const char *format, size_t *size) {
    if (*format == '@')
        format++;
    if (format[0] == 0 || format[1] != 0) {
        if (format[0] == 'Z' && (format[1] == 'f' || format[1] == 'd') && format[2] == 0) {
            *size = format[1] == 'f' ? 2 * sizeof(float) : 2 * sizeof(double);
            return true;
        }
        return false;
    }
    switch (*format) {
    case 'c':
    case 'b':
    case 'B': *size = 1; return true;
    case '?': *size = sizeof(bool); return true;
    case 'h':
    case 'H':
    case 'e': *size = 2; return true;
    case 'i':
    case 'I':
    case 'f': *size = 4; return true;
    case 'l':
    case 'L': *size = sizeof(long); return true;
    case 'q':
    case 'Q':
    case 'd': *size = 8; return true;
    case 'n':
    case 'N':
    case 'P': *size = sizeof(void *); return true;
    }
    return false;
}

static char native_code(MemoryViewObject *m) {
    const char *format = m->format ? m->format : "B";
    size_t size;
    if (!view_format_size(format, &size) || size != m->item_size)
        return 0;
    return *format == '@' ? format[1] : *format;
}

static Value not_supported(Thread *t, MemoryViewObject *m) {
    return raise_error(t, &NotImplementedError_type, "memoryview: format %s not supported", m->format ? m->format : "B");
}

Value view_unpack(Thread *t, MemoryViewObject *m, const char *shared) {
    int64_t i = 0;
    uint64_t u = 0;
    char code = native_code(m), item[16] = {0};
    if (code && m->item_size <= sizeof item)
        load_item(item, shared, m->item_size);
    switch (code) {
    case 'B': return small_int(*(const uint8_t *)item);
    case 'b': return small_int(*(const int8_t *)item);
    case 'c': return bytes_new(t, item, 1);
    case '?': return from_bool(*item != 0);
    case 'h': {
        int16_t x;
        memcpy(&x, item, sizeof x);
        return small_int(x);
    }
    case 'H': {
        uint16_t x;
        memcpy(&x, item, sizeof x);
        return small_int(x);
    }
    case 'i': {
        int32_t x;
        memcpy(&x, item, sizeof x);
        return small_int(x);
    }
    case 'I': {
        uint32_t x;
        memcpy(&x, item, sizeof x);
        return small_int(x);
    }
    case 'l':
    case 'q':
    case 'n': memcpy(&i, item, m->item_size); return int_from(t, i);
    case 'L':
    case 'Q':
    case 'N':
    case 'P': memcpy(&u, item, m->item_size); return int_from_unsigned(t, u);
    case 'e': {
        _Float16 x;
        memcpy(&x, item, sizeof x);
        return float_from_double(t, (double)x);
    }
    case 'f': {
        float x;
        memcpy(&x, item, sizeof x);
        return float_from_double(t, x);
    }
    case 'd': {
        double x;
        memcpy(&x, item, sizeof x);
        return float_from_double(t, x);
    }
    case 0x5a: {
        if (m->item_size == 8) {
            float x[2];
            memcpy(x, item, sizeof x);
            return complex_new(t, x[0], x[1]);
        }
        double x[2];
        memcpy(x, item, sizeof x);
        return complex_new(t, x[0], x[1]);
    }
    }
    return not_supported(t, m);
}

static bool bad_value(Thread *t, MemoryViewObject *m) {
    raise_value_error(t, "memoryview: invalid value for format '%s'", m->format ? m->format : "B");
    return false;
}
static bool bad_type(Thread *t, MemoryViewObject *m) {
    raise_type_error(t, "memoryview: invalid type for format '%s'", m->format ? m->format : "B");
    return false;
}

static bool pack_integer(Thread *t, MemoryViewObject *m, char *item, Value value, bool is_signed) {
    Value index = is_int(value) || type_slot(type_of(value), SLOT___index__) ? index_of(t, value) : NO_VALUE;
    if (absent(index))
        return error_pending(t) && !error_catch(t, &TypeError_type) ? false : bad_type(t, m);
    int bits = (int)m->item_size * 8;
    if (is_signed) {
        int64_t i;
        if (!int_to_i64(index, &i) || (bits < 64 && (i < -(INT64_C(1) << (bits - 1)) || i >= INT64_C(1) << (bits - 1))))
            return bad_value(t, m);
        memcpy(item, &i, m->item_size); /* little-endian machines only: big ones store from the other end */
    } else {
        uint64_t u;
        if (!int_to_u64(index, &u) || (bits < 64 && u >> bits))
            return bad_value(t, m);
        memcpy(item, &u, m->item_size);
    }
    return true;
}
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

static bool pack_float(Thread *t, MemoryViewObject *m, char *item, Value value, char code) {
    double d;
    if (!to_double(t, value, &d))
        return error_catch(t, &TypeError_type) ? bad_type(t, m) : false;
    if (code == 'd') {
        memcpy(item, &d, sizeof d);
    } else if (code == 'f') {
        float x = (float)d;
        if (__builtin_isinf(x) && !__builtin_isinf(d)) {
            raise_overflow_error(t, "float too large to pack with f format");
            return false;
        }
        memcpy(item, &x, sizeof x);
    } else {
        _Float16 x = (_Float16)d;
        if (__builtin_isinf((double)x) && !__builtin_isinf(d)) {
            raise_overflow_error(t, "float too large to pack with e format");
            return false;
        }
        memcpy(item, &x, sizeof x);
    }
    return true;
}

bool view_pack(Thread *t, MemoryViewObject *m, char *item, Value value) {
    char code = native_code(m);
    switch (code) {
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n': return pack_integer(t, m, item, value, true);
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'N':
    case 'P': return pack_integer(t, m, item, value, false);
    case 'e':
    case 'f':
    case 'd': return pack_float(t, m, item, value, code);
    case '?': {
        int yes = truth(t, value);
        if (yes < 0)
            return false;
        *item = (char)yes;
        return true;
    }
    case 'c':
        if (!is_bytes(value))
            return bad_type(t, m);
        if (as_bytes(value)->length != 1)
            return bad_value(t, m);
        *item = as_bytes(value)->data[0];
        return true;
    case 0x5a: {
        if (!is_instance_of(value, &complex_type))
            return bad_type(t, m);
        const ComplexObject *c = (ComplexObject *)value.bits;
        float single[2] = {(float)c->real, (float)c->imag};
        double both[2] = {c->real, c->imag};
        memcpy(item, m->item_size == 8 ? (void *)single : (void *)both, m->item_size);
        return true;
    }
    }
    not_supported(t, m);
    return false;
}

/* An item in a format that only the struct module knows. */
static Value unpack_any(Thread *t, MemoryViewObject *m, const char *item) {
    if (native_code(m))
        return view_unpack(t, m, item);
    Value module = TRY(import_module(t, "struct"));
    Value format = TRY(str_from_text(t, m->format)), bytes = TRY(bytes_new(t, item, m->item_size));
    return call_method_2(t, module, TRY(str_intern_text(t, "unpack")), format, bytes);
}

int view_items_equal(Thread *t, MemoryViewObject *a, const char *x, MemoryViewObject *b, const char *y) {
    char ca = native_code(a), cb = native_code(b);
    if (ca && ca == cb && !strchr("efdZ?", ca))
        return memcmp(x, y, a->item_size) == 0;
    Value va = unpack_any(t, a, x), vb = absent(va) ? NO_VALUE : unpack_any(t, b, y);
    if (absent(vb)) {
        error_clear(t); /* a format that cannot be read equals nothing */
        return 0;
    }
    return compare_true(t, COMPARE_EQ, va, vb);
}
