/* array: to and from lists, bytes, text, files and pickles.
 *
 * Threads: see array.h.
 */
#include "modules/array/array.h"

#include "object/call.h"
#include "object/operators.h"
#include "types/float.h"
#include "types/list.h"

Value array_tolist(Thread *t, Value *args) {
    Value whole = TRY(array_at_once(t, args[0]));
    ArrayObject *a = as_array(whole);
    Value list = TRY(list_new(t, a->length));
    for (size_t i = 0; i < a->length; i++) {
        Value v = TRY(array_getitem_at(t, a, i));
        CHECK(list_append(t, list, v));
    }
    return list;
}

/* All of them in one step, or none. */
Value array_fromlist(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    if (!is_list(args[1]))
        return raise_type_error(t, "arg must be list");
    size_t count = list_length(args[1]);
    Value added = TRY(array_new(t, &array_type, a->kind, 0));
    for (size_t i = 0; i < count; i++) {
        Value v = list_get(args[1], i);
        if (absent(v) || list_length(args[1]) != count)
            return raise_error(t, &RuntimeError_type, "list changed size during iteration");
        CHECK(array_append(t, as_array(added), v));
    }
    CHECK(array_splice(t, a, SIZE_MAX, 0, array_data(as_array(added)), as_array(added)->length));
    return NONE;
}

Value array_tobytes(Thread *t, Value *args) {
    Value whole = TRY(array_at_once(t, args[0]));
    ArrayObject *a = as_array(whole);
    return bytes_new(t, array_data(a), a->length * a->kind->size);
}

bool array_from_bytes(Thread *t, ArrayObject *a, const char *data, size_t length) {
    size_t size = a->kind->size;
    if (length % size) {
        raise_value_error(t, "bytes length not a multiple of item size");
        return false;
    }
    if ((uintptr_t)data % size == 0)
        return array_splice(t, a, SIZE_MAX, 0, data, length / size);
    Value added = array_new(t, &array_type, a->kind, length / size);
    if (absent(added))
        return false;
    memcpy(array_data(as_array(added)), data, length);
    return array_splice(t, a, SIZE_MAX, 0, array_data(as_array(added)), length / size);
}

Value array_frombytes(Thread *t, Value *args) {
    Buffer b;
    CHECK(buffer_get_contiguous(t, args[1], &b, false));
    bool ok;
    if (b.item_size != 1) {
        raise_type_error(t, "a bytes-like object is required");
        ok = false;
    } else {
        ok = array_from_bytes(t, as_array(args[0]), b.data, b.length);
    }
    buffer_release(t, &b);
    return ok ? NONE : NO_VALUE;
}

static bool is_text(ArrayObject *a) { return a->kind->code == 'u' || a->kind->code == 'w'; }

bool array_from_str(Thread *t, ArrayObject *a, Value str) {
    const void *data = str_data(t, str);
    size_t n = str_length(str);
    Value added = data ? array_new(t, &array_type, a->kind, n) : NO_VALUE;
    if (absent(added))
        return false;
    uint32_t *to = (uint32_t *)array_data(as_array(added));
    for (size_t i = 0; i < n; i++)
        to[i] = str_char(data, str_kind(str), i);
    keep_alive(as_object(str));
    return array_splice(t, a, SIZE_MAX, 0, (char *)to, n);
}

Value array_fromunicode(Thread *t, Value *args) {
    if (!is_str(args[1]))
        return raise_type_error(t, "fromunicode() argument must be str, not %Y", args[1]);
    if (!is_text(as_array(args[0])))
        return raise_value_error(t, "fromunicode() may only be called on unicode type arrays ('u' or 'w')");
    return array_from_str(t, as_array(args[0]), args[1]) ? NONE : NO_VALUE;
}

Value array_tounicode(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    if (!is_text(a))
        return raise_value_error(t, "tounicode() may only be called on unicode type arrays ('u' or 'w')");
    Value whole = TRY(array_at_once(t, args[0]));
    a = as_array(whole);
    const uint32_t *from = (const uint32_t *)array_data(a);
    for (size_t i = 0; i < a->length; i++)
        if (from[i] > 0x10ffff)
            return raise_value_error(t, "character U+%x is not in range [U+0000; U+10ffff]", from[i]);
    return str_from_chars(t, from, 4, a->length);
}

Value array_tofile(Thread *t, Value *args) {
    enum { BLOCK = 64 * 1024 };
    ArrayObject *a = as_array(args[0]);
    Value whole = TRY(array_at_once(t, args[0]));
    a = as_array(whole);
    for (size_t at = 0; at < a->length * a->kind->size; at += BLOCK) {
        size_t rest = a->length * a->kind->size - at;
        Value bytes = TRY(bytes_new(t, array_data(a) + at, rest < BLOCK ? rest : BLOCK));
        TRY(call_method_1(t, args[1], names.write, bytes));
    }
    return NONE;
}

Value array_fromfile(Thread *t, Value *args) {
    int64_t count, size = as_array(args[0])->kind->size, bytes_wanted;
    CHECK(index_as_ssize(t, args[2], &count, false, NULL));
    if (count < 0)
        return raise_value_error(t, "negative count");
    if (__builtin_mul_overflow(count, size, &bytes_wanted))
        return raise_no_memory(t);
    Value bytes = TRY(call_method_1(t, args[1], names.read, int_from(t, bytes_wanted)));
    if (!is_bytes(bytes))
        return raise_type_error(t, "read() didn't return bytes");
    bool complete = as_bytes(bytes)->length == (size_t)bytes_wanted;
    CHECK(array_from_bytes(t, as_array(args[0]), as_bytes(bytes)->data, as_bytes(bytes)->length));
    return complete ? NONE : raise_error(t, &EOFError_type, "read() didn't return enough bytes");
}

Value array_byteswap(Thread *t, Value *args) {
    array_byteswap_items(as_array(args[0]));
    return NONE;
}

Value array_buffer_info(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    Value address = TRY(int_from_unsigned(t, (uintptr_t)array_data(a)));
    return tuple_pack(t, 2, address, small_int((int64_t)array_length(a)));
}

/* Pickle */

static uint8_t native_format(const ArrayKind *kind) {
    return kind->format + (kind->size > 1 && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

Value array_reduce_ex(Thread *t, Value *args) {
    ArrayObject *a = as_array(args[0]);
    int64_t protocol;
    CHECK(as_c_long(t, args[1], &protocol));
    Value dict = find_attribute(t, args[0], names.__dict__);
    CHECK(!error_pending(t));
    if (absent(dict))
        dict = NONE;
    Value code = TRY(str_from_char(t, (uint32_t)a->kind->code)), type = from_object(type_of(args[0]));
    if (protocol < 3) {
        Value list = TRY(array_tolist(t, args));
        Value arguments = TRY(tuple_pack(t, 2, code, list));
        return tuple_pack(t, 3, type, arguments, dict);
    }
    Value import = TRY(get_attribute(t, t->isolate->builtins_module, names.__import__));
    Value name = TRY(str_intern_text(t, "array"));
    Value module = TRY(call_1(t, import, name));
    Value function = TRY(get_attribute_text(t, module, "_array_reconstructor"));
    Value bytes = TRY(array_tobytes(t, args));
    Value arguments = TRY(tuple_pack(t, 4, type, code, small_int(native_format(a->kind)), bytes));
    return tuple_pack(t, 3, function, arguments, dict);
}

/* What an item of a foreign format is, by its number. */
typedef struct Foreign {
    uint8_t size;
    char kind; /* i, u, f, c: signed, unsigned, float, character */
} Foreign;
static const Foreign foreign[] = {
    {1, 'u'}, {1, 'i'}, {2, 'u'}, {2, 'u'}, {2, 'i'}, {2, 'i'}, {4, 'u'}, {4, 'u'}, {4, 'i'}, {4, 'i'}, {8, 'u'},
    {8, 'u'}, {8, 'i'}, {8, 'i'}, {4, 'f'}, {4, 'f'}, {8, 'f'}, {8, 'f'}, {2, 'c'}, {2, 'c'}, {4, 'c'}, {4, 'c'},
};

static Value foreign_item(Thread *t, const Foreign *f, const char *data, bool big) {
    uint64_t bits = 0;
    for (int i = 0; i < f->size; i++)
        bits |= (uint64_t)(uint8_t)data[big ? f->size - 1 - i : i] << 8 * i;
    if (f->kind == 'u')
        return int_from_unsigned(t, bits);
    if (f->kind == 'i')
        return int_from(t, (int64_t)(bits << (64 - f->size * 8)) >> (64 - f->size * 8));
    if (f->size == 4) {
        uint32_t word = (uint32_t)bits;
        float single;
        memcpy(&single, &word, 4);
        return float_from_double(t, single);
    }
    double d;
    memcpy(&d, &bits, 8);
    return float_from_double(t, d);
}

Value array_reconstruct(Thread *t, Value *args) {
    int64_t format;
    if (!is_type(args[0]))
        return raise_type_error(t, "first argument must be a type object, not %T", args[0]);
    if (!type_is_subtype(as_type(args[0]), &array_type))
        return raise_type_error(t, "%N is not a subtype of array.array", as_type(args[0]));
    if (!is_str(args[1]) || str_length(args[1]) != 1)
        return raise_type_error(t, "_array_reconstructor() argument 2 must be a unicode character, not %Y", args[1]);
    const ArrayKind *kind = array_kind(str_char(str_data(t, args[1]), str_kind(args[1]), 0));
    if (kind == NULL)
        return raise_value_error(t, "second argument must be a valid type code");
    CHECK(as_c_long(t, args[2], &format));
    if (format < 0 || (size_t)format >= sizeof foreign / sizeof *foreign)
        return raise_value_error(t, "third argument must be a valid machine format code.");
    if (!is_bytes(args[3]))
        return raise_type_error(t, "fourth argument should be bytes, not %T", args[3]);
    const char *data = as_bytes(args[3])->data;
    size_t length = as_bytes(args[3])->length;
    Value array = TRY(array_new(t, as_type(args[0]), kind, 0));
    if (format == native_format(kind)) {
        CHECK(array_from_bytes(t, as_array(array), data, length));
        return array;
    }
    const Foreign *f = &foreign[format];
    bool big = format > 1 && format & 1;
    if (f->kind == 'c') {
        const char *encoding = f->size == 2 ? (big ? "utf-16-be" : "utf-16-le") : big ? "utf-32-be" : "utf-32-le";
        Value text = TRY(str_decode(t, data, length, encoding, NULL));
        CHECK(array_from_str(t, as_array(array), text));
        return array;
    }
    if (length % f->size)
        return raise_value_error(t, "bytes length not a multiple of item size");
    for (size_t i = 0; i < length; i += f->size) {
        Value v = TRY(foreign_item(t, f, data + i, big));
        CHECK(array_append(t, as_array(array), v));
    }
    keep_alive(as_object(args[3]));
    return array;
}
