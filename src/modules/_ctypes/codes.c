/* The simple C types by their codes: reading and writing memory.
 *
 * Threads: memory of C data is unsynchronised, as in C.
 */
#include "modules/_ctypes/ctypes.h"

#include "types/bytes.h"
#include "types/complex.h"
#include "types/float.h"
#include "types/int/int.h"

#include <wchar.h>

typedef struct CodeRow {
    char code;
    uint8_t size, align;
    char kind; /* i signed, u unsigned, f float, c complex, b bool, else by code */
    ffi_type *ffi;
} CodeRow;

static const CodeRow rows[] = {
    {'c', 1, 1, 'C', &ffi_type_schar},      {'b', 1, 1, 'i', &ffi_type_schar},     {'B', 1, 1, 'u', &ffi_type_uchar},
    {'h', 2, 2, 'i', &ffi_type_sshort},     {'H', 2, 2, 'u', &ffi_type_ushort},    {'i', 4, 4, 'i', &ffi_type_sint},
    {'I', 4, 4, 'u', &ffi_type_uint},       {'l', 8, 8, 'i', &ffi_type_slong},     {'L', 8, 8, 'u', &ffi_type_ulong},
    {'q', 8, 8, 'i', &ffi_type_sint64},     {'Q', 8, 8, 'u', &ffi_type_uint64},    {'d', 8, 8, 'f', &ffi_type_double},
    {'f', 4, 4, 'f', &ffi_type_float},      {'g', 16, 16, 'f', &ffi_type_longdouble},
    {'D', 16, 8, 'c', &ffi_type_complex_double}, {'F', 8, 4, 'c', &ffi_type_complex_float},
    {'G', 32, 16, 'c', &ffi_type_complex_longdouble},
    {'u', 4, 4, 'U', &ffi_type_sint32},     {'z', 8, 8, 'z', &ffi_type_pointer},   {'Z', 8, 8, 'Z', &ffi_type_pointer},
    {'P', 8, 8, 'P', &ffi_type_pointer},    {'O', 8, 8, 'O', &ffi_type_pointer},   {'v', 2, 2, 'v', &ffi_type_sshort},
    {'?', 1, 1, 'b', &ffi_type_uchar},
};

static const CodeRow *row_of(char code) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

bool c_code_known(char code) { return row_of(code) != NULL; }
bool c_code_is_integer(char code) { return row_of(code)->kind == 'i' || row_of(code)->kind == 'u'; }
bool c_code_swappable(char code) { return strchr("hHiIlLqQdfDF", code) != NULL; }

void c_code_layout(char code, int64_t *size, int64_t *align, ffi_type **ffi) {
    const CodeRow *row = row_of(code);
    *size = row->size;
    *align = row->align;
    *ffi = row->ffi;
}

/* Where byte i of a value in the other byte order stands; a complex number is two values. */
static int64_t swapped_place(const CInfo *info, int64_t i) {
    int64_t size = row_of(info->code)->kind == 'c' ? info->size / 2 : info->size;
    return i - i % size + size - 1 - i % size;
}

/* The bytes as they stand in memory of this machine. */
static void load_bytes(const CInfo *info, const char *memory, char *to) {
    for (int64_t i = 0; i < info->size; i++)
        to[i] = memory[info->swapped ? swapped_place(info, i) : i];
}

static void store_bytes(const CInfo *info, char *memory, const void *from) {
    for (int64_t i = 0; i < info->size; i++)
        memory[i] = ((const char *)from)[info->swapped ? swapped_place(info, i) : i];
}

static uint64_t load_integer(const CInfo *info, const char *memory) {
    uint64_t v = 0;
    load_bytes(info, memory, (char *)&v);
    return v;
}

static Value from_bits(Thread *t, bool is_signed, uint64_t v, int64_t bits) {
    if (bits < 64) {
        v &= (UINT64_C(1) << bits) - 1;
        if (is_signed && v >> (bits - 1))
            v |= ~UINT64_C(0) << bits;
    }
    return is_signed ? int_from(t, (int64_t)v) : int_from_unsigned(t, v);
}

static Value get_float(Thread *t, char code, const char *bytes) {
    if (code == 'f') {
        float f;
        memcpy(&f, bytes, sizeof f);
        return float_from_double(t, f);
    }
    if (code == 'g') {
        long double g;
        memcpy(&g, bytes, sizeof g);
        return float_from_double(t, (double)g);
    }
    double d;
    memcpy(&d, bytes, sizeof d);
    return float_from_double(t, d);
}

static Value get_complex(Thread *t, const CInfo *info, const char *memory) {
    union {
        char bytes[32];
        float f[2];
        double d[2];
        long double g[2];
    } u;
    load_bytes(info, memory, u.bytes);
    if (info->code == 'F')
        return complex_new(t, u.f[0], u.f[1]);
    if (info->code == 'G')
        return complex_new(t, (double)u.g[0], (double)u.g[1]);
    return complex_new(t, u.d[0], u.d[1]);
}

static Value get_by_pointer(Thread *t, char code, const char *memory) {
    void *p;
    memcpy(&p, memory, sizeof p);
    if (code == 'O')
        return p ? (Value){(uintptr_t)p} : raise_value_error(t, "PyObject is NULL");
    if (!p)
        return NONE;
    if (code == 'z')
        return bytes_from_text(t, p);
    return code == 'Z' ? str_from_chars(t, p, 4, wcslen(p)) : int_from_unsigned(t, (uintptr_t)p);
}

static Value get_wide_char(Thread *t, const char *memory) {
    uint32_t c;
    memcpy(&c, memory, sizeof c);
    return c > 0x10ffff ? raise_value_error(t, "character U+%x is not in range [U+0000; U+10ffff]", c) : str_from_char(t, c);
}

Value c_code_get(Thread *t, const CInfo *info, const char *memory) {
    char bytes[32];
    switch (row_of(info->code)->kind) {
    case 'i': return from_bits(t, true, load_integer(info, memory), info->size * 8);
    case 'u': return from_bits(t, false, load_integer(info, memory), info->size * 8);
    case 'f':
        load_bytes(info, memory, bytes);
        return get_float(t, info->code, bytes);
    case 'c': return get_complex(t, info, memory);
    case 'b': return from_bool(*memory != 0);
    case 'v': return from_bool(load_integer(info, memory) != 0);
    case 'C': return bytes_new(t, memory, 1);
    case 'U': return get_wide_char(t, memory);
    default: return get_by_pointer(t, info->code, memory);
    }
}

static Value set_float(Thread *t, const CInfo *info, char *memory, Value value) {
    double d;
    CHECK(to_double(t, value, &d));
    float f = (float)d;
    long double g = d;
    store_bytes(info, memory, info->code == 'f' ? (void *)&f : info->code == 'g' ? (void *)&g : (void *)&d);
    return NONE;
}

static Value set_complex(Thread *t, const CInfo *info, char *memory, Value value) {
    double re, im;
    CHECK(complex_from_object(t, value, &re, &im));
    float f[2] = {(float)re, (float)im};
    double d[2] = {re, im};
    long double g[2] = {re, im};
    store_bytes(info, memory, info->code == 'F' ? (void *)f : info->code == 'G' ? (void *)g : (void *)d);
    return NONE;
}

static Value set_char(Thread *t, char *memory, Value value) {
    if (is_bytes(value) || is_instance_of(value, &bytearray_type)) {
        int64_t length = length_of(t, value);
        CHECK(length >= 0);
        if (length != 1)
            return raise_type_error(t, "one character bytes, bytearray, or an integer in range(256) expected, not %T of length %zd",
                                    value, (ssize_t)length);
        *memory = is_bytes(value) ? as_bytes(value)->data[0] : (char)bytearray_byte_at(value, 0);
        return NONE;
    }
    if (!is_int(value))
        return raise_type_error(t, "one character bytes, bytearray, or an integer in range(256) expected, not %T", value);
    int64_t i;
    if (!int_to_i64(value, &i) || i < 0 || i > 255)
        return raise_type_error(t, "integer not in range(256)");
    *memory = (char)i;
    return NONE;
}

static Value set_wide_char(Thread *t, char *memory, Value value) {
    if (!is_str(value))
        return raise_type_error(t, "a unicode character expected, not instance of %T", value);
    if (str_length(value) != 1)
        return raise_type_error(t, "a unicode character expected, not a string of length %zd", (ssize_t)str_length(value));
    const void *data = str_data(t, value);
    CHECK(data);
    uint32_t c = str_char(data, str_kind(value), 0);
    memcpy(memory, &c, sizeof c);
    return NONE;
}

/* A copy of the text as wchar_t, with a zero behind it: a bytes object. */
static Value wide_copy(Thread *t, Value text) {
    size_t length = str_length(text);
    const void *data = str_data(t, text);
    CHECK(data);
    Value copy = TRY(bytes_new(t, NULL, (length + 1) * 4));
    uint32_t *to = (uint32_t *)as_bytes(copy)->data;
    for (size_t i = 0; i < length; i++)
        to[i] = str_char(data, str_kind(text), i);
    to[length] = 0;
    return copy;
}

static Value set_pointer(Thread *t, char code, char *memory, Value value) {
    void *p = NULL;
    Value keep = NONE;
    if (code == 'z' && is_bytes(value)) {
        p = as_bytes(value)->data;
        keep = value;
    } else if (code == 'Z' && is_str(value)) {
        keep = TRY(wide_copy(t, value));
        p = as_bytes(keep)->data;
    } else if (is_int(value)) {
        p = (void *)int_mask_u64(value);
    } else if (!is_none(value)) {
        if (code == 'P')
            return raise_type_error(t, "cannot be converted to pointer");
        return raise_type_error(t, "%s or integer address expected instead of %T instance", code == 'z' ? "bytes" : "unicode string", value);
    }
    memcpy(memory, &p, sizeof p);
    return keep;
}

Value c_code_set(Thread *t, const CInfo *info, char *memory, Value value) {
    switch (row_of(info->code)->kind) {
    case 'i':
    case 'u': {
        uint64_t v = int_mask_u64(TRY(index_of(t, value)));
        store_bytes(info, memory, &v);
        return NONE;
    }
    case 'f': return set_float(t, info, memory, value);
    case 'c': return set_complex(t, info, memory, value);
    case 'b':
    case 'v': {
        int set = truth(t, value);
        CHECK(set >= 0);
        int16_t variant = set ? -1 : 0;
        if (info->code == 'v')
            memcpy(memory, &variant, sizeof variant);
        else
            *memory = (char)set;
        return NONE;
    }
    case 'C': return set_char(t, memory, value);
    case 'U': return set_wide_char(t, memory, value);
    case 'O': memcpy(memory, &value.bits, sizeof value.bits); return value;
    default: return set_pointer(t, info->code, memory, value);
    }
}

Value c_bits_get(Thread *t, const CInfo *info, const char *memory, int64_t bit_size, int64_t bit_offset) {
    uint64_t v = info->code == '?' ? (uint8_t)*memory : load_integer(info, memory);
    if (info->code == '?')
        return from_bool(v >> bit_offset & ((UINT64_C(1) << bit_size) - 1));
    return from_bits(t, row_of(info->code)->kind == 'i', v >> bit_offset, bit_size);
}

Value c_bits_set(Thread *t, const CInfo *info, char *memory, Value value, int64_t bit_size, int64_t bit_offset) {
    uint64_t v;
    if (info->code == '?') {
        int set = truth(t, value);
        CHECK(set >= 0);
        v = (uint64_t)set;
    } else {
        v = int_mask_u64(TRY(index_of(t, value)));
    }
    uint64_t mask = (bit_size == 64 ? ~UINT64_C(0) : (UINT64_C(1) << bit_size) - 1) << bit_offset;
    uint64_t whole = (load_integer(info, memory) & ~mask) | (v << bit_offset & mask);
    store_bytes(info, memory, &whole);
    return NONE;
}
