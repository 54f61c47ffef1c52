/* marshal, reading: from memory or from a file object. */
#include "base/utf8.h"
#include "compile/code.h"
#include "modules/frozen.h"
#include "modules/marshal/read.h"
#include "object/call.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/complex.h"
#include "types/dict/dict.h"
#include "types/float.h"
#include "types/int/int.h"
#include "types/list.h"
#include "types/set/set.h"
#include "types/slice.h"
#include "types/str/str.h"
#include "types/tuple.h"

Thread *marshal_reader_thread(Reader *r) { return r->t; }

/* ---- bytes ---- */

static const char *read_from_file(Reader *r, size_t size) {
    Value room = bytearray_new(r->t, NULL, size);
    Value got = absent(room) ? NO_VALUE : call_method_1(r->t, r->file, names.readinto, room);
    int64_t count;
    if (absent(got) || !index_as_ssize(r->t, got, &count, false, NULL))
        return NULL;
    if (count != (int64_t)size) {
        if (count > (int64_t)size)
            raise_value_error(r->t, "read() returned too much data: %zu bytes requested, %lld returned", size, (long long)count);
        else
            raise_error(r->t, &EOFError_type, "EOF read where not expected");
        return NULL;
    }
    ByteArrayObject *bytes = (ByteArrayObject *)room.bits;
    r->room = room;
    return bytes->storage ? bytes->storage->data + bytes->start : "";
}

static const char *take(Reader *r, size_t size) {
    if (present(r->file))
        return read_from_file(r, size);
    if ((size_t)(r->end - r->next) < size) {
        raise_error(r->t, &EOFError_type, "marshal data too short");
        return NULL;
    }
    const char *data = r->next;
    r->next += size;
    return data;
}

static bool read_byte(Reader *r, uint8_t *v) {
    const char *data = take(r, 1);
    if (data)
        *v = (uint8_t)*data;
    return data != NULL;
}

bool marshal_read_long(Reader *r, int32_t *v) {
    const char *data = take(r, 4);
    if (data) {
        const uint8_t *b = (const uint8_t *)data;
        *v = (int32_t)(b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24);
    }
    return data != NULL;
}

static bool read_size(Reader *r, size_t *size, const char *what) {
    int32_t v;
    if (!marshal_read_long(r, &v))
        return false;
    if (v < 0) {
        raise_value_error(r->t, "bad marshal data (%s size out of range)", what);
        return false;
    }
    *size = (size_t)v;
    return true;
}

const char *marshal_read_data(Reader *r, size_t *size) {
    return read_size(r, size, "bytes object") ? take(r, *size) : NULL;
}

/* ---- references ---- */

/* Makes room in the table of references; -1: the value will not be referred to; -2: failed. */
static int64_t reserve(Reader *r, bool flag) {
    if (!flag)
        return -1;
    size_t index = r->reference_count;
    if (index < MARSHAL_FEW_REFERENCES)
        r->first_references[index] = NONE;
    else if ((absent(r->more_references) && absent(r->more_references = list_new(r->t, 0))) ||
             !list_append(r->t, r->more_references, NONE))
        return -2;
    r->reference_count++;
    return (int64_t)index;
}

static Value remember(Reader *r, Value v, int64_t index) {
    if (absent(v) || index < 0)
        return v;
    if (index < MARSHAL_FEW_REFERENCES)
        r->first_references[index] = v;
    else
        list_set(r->t, r->more_references, (size_t)index - MARSHAL_FEW_REFERENCES, v);
    return v;
}

/* ---- values ---- */

static Value read_long_int(Reader *r) {
    int32_t n;
    CHECK(marshal_read_long(r, &n));
    if (n == INT32_MIN)
        return raise_value_error(r->t, "bad marshal data (long size out of range)");
    size_t digits = (size_t)(n < 0 ? -n : n), limbs = (digits * 15 + 63) / 64;
    if (digits == 0)
        return small_int(0);
    const char *text = take(r, digits * 2); /* before there is room for them: the count may be a lie */
    CHECK(text != NULL);
    Value room = TRY(bytes_new(r->t, NULL, (limbs + 1) * 8));
    uint64_t *data = (uint64_t *)as_bytes(room)->data;
    memset(data, 0, (limbs + 1) * 8);
    for (size_t i = 0; i < digits; i++) {
        uint16_t digit = (uint16_t)((uint8_t)text[2 * i] | (uint8_t)text[2 * i + 1] << 8);
        if (digit > 0x7FFF)
            return raise_value_error(r->t, "bad marshal data (digit out of range in long)");
        if (digit == 0 && i + 1 == digits)
            return raise_value_error(r->t, "bad marshal data (unnormalized long data)");
        size_t bit = i * 15;
        data[bit / 64] |= (uint64_t)digit << bit % 64;
        if (bit % 64 > 49)
            data[bit / 64 + 1] |= (uint64_t)digit >> (64 - bit % 64);
    }
    Value v = int_from_limbs(r->t, data, limbs, n < 0);
    keep_alive(as_object(room));
    return v;
}

static bool read_double(Reader *r, bool binary, double *d) {
    if (binary) {
        const char *data = take(r, 8);
        if (data)
            memcpy(d, data, 8);
        return data != NULL;
    }
    uint8_t size;
    const char *data = read_byte(r, &size) ? take(r, size) : NULL;
    Value text = data ? str_from_utf8(r->t, data, size) : NO_VALUE;
    Value v = present(text) ? float_from_str(r->t, text) : NO_VALUE;
    if (present(v))
        *d = float_value(v);
    return present(v);
}

static Value read_complex(Reader *r, bool binary) {
    double real, imag;
    CHECK(read_double(r, binary, &real) && read_double(r, binary, &imag));
    return complex_new(r->t, real, imag);
}

static Value read_str(Reader *r, int type) {
    size_t size;
    bool ascii = type == 'a' || type == 'A' || type == 'z' || type == 'Z', interned = type == 't' || type == 'A' || type == 'Z';
    if (type == 'z' || type == 'Z') {
        uint8_t byte;
        CHECK(read_byte(r, &byte));
        size = byte;
    } else {
        CHECK(read_size(r, &size, "string"));
    }
    const char *data = take(r, size);
    CHECK(data);
    bool plain = ascii && ascii_prefix((const uint8_t *)data, size) == size;
    if (plain && interned)
        return str_intern_ascii(r->t, data, size);
    Value v = TRY(plain ? str_from_ascii(r->t, data, size) : str_decode(r->t, data, size, ascii ? "latin-1" : "utf-8", "surrogatepass"));
    return interned ? str_intern(r->t, v) : v;
}

static Value unexpected_null(Reader *r, const char *where) {
    if (!error_pending(r->t))
        raise_type_error(r->t, "NULL object in marshal data for %s", where);
    return NO_VALUE;
}

static Value read_tuple(Reader *r, bool is_small, int64_t index) {
    size_t n;
    if (is_small) {
        uint8_t byte;
        CHECK(read_byte(r, &byte));
        n = byte;
    } else {
        CHECK(read_size(r, &n, "tuple"));
    }
    CHECK(present(r->file) || n <= (size_t)(r->end - r->next) || (raise_error(r->t, &EOFError_type, "marshal data too short"), false));
    Value v = TRY(tuple_new(r->t, n));
    for (size_t i = 0; i < n; i++) store(as_object(v), &as_tuple(v)->items[i], NONE);
    remember(r, v, index);
    for (size_t i = 0; i < n; i++) {
        Value item = marshal_read(r);
        if (absent(item))
            return unexpected_null(r, "tuple");
        store(as_object(v), &as_tuple(v)->items[i], item);
    }
    return v;
}

static Value read_list(Reader *r, int64_t index) {
    size_t n;
    CHECK(read_size(r, &n, "list"));
    Value v = remember(r, TRY(list_new(r->t, 0)), index);
    for (size_t i = 0; i < n; i++) {
        Value item = marshal_read(r);
        if (absent(item))
            return unexpected_null(r, "list");
        CHECK(list_append(r->t, v, item));
    }
    return v;
}

static Value read_dict(Reader *r, int64_t index) {
    Value v = remember(r, TRY(dict_new(r->t)), index);
    for (;;) {
        Value key = marshal_read(r);
        if (absent(key))
            break;
        Value value = marshal_read(r);
        if (absent(value))
            break;
        CHECK(dict_set(r->t, v, key, value));
    }
    return error_pending(r->t) ? NO_VALUE : v;
}

static Value read_set(Reader *r, bool frozen, int64_t index) {
    size_t n;
    CHECK(read_size(r, &n, "set"));
    Value v = TRY(frozen ? frozenset_new(r->t) : set_new(r->t));
    if (!frozen)
        remember(r, v, index);
    for (size_t i = 0; i < n; i++) {
        Value item = marshal_read(r);
        if (absent(item))
            return unexpected_null(r, "set");
        CHECK(set_add(r->t, v, item));
    }
    return frozen ? remember(r, v, index) : v;
}

static Value read_slice(Reader *r, int64_t index) {
    Value parts[3];
    for (int i = 0; i < 3; i++) {
        parts[i] = marshal_read(r);
        if (absent(parts[i]))
            return unexpected_null(r, "slice");
    }
    return remember(r, slice_new(r->t, parts[0], parts[1], parts[2]), index);
}

static Value read_reference(Reader *r) {
    int32_t n;
    CHECK(marshal_read_long(r, &n));
    Value v = n < 0 || (size_t)n >= r->reference_count ? NO_VALUE
              : n < MARSHAL_FEW_REFERENCES ? r->first_references[n]
                                           : list_get(r->more_references, (size_t)n - MARSHAL_FEW_REFERENCES);
    if (absent(v) || is_none(v))
        return raise_value_error(r->t, "bad marshal data (invalid reference)");
    return v;
}

static Value read_code(Reader *r, bool packed, int64_t index) {
    if (!r->allow_code)
        return raise_value_error(r->t, "unmarshalling code objects is disallowed");
    return remember(r, packed ? marshal_read_packed(r) : marshal_read_code(r), index);
}

static Value read_bytes(Reader *r) {
    size_t size;
    const char *data = marshal_read_data(r, &size);
    return data ? bytes_new(r->t, data, size) : NO_VALUE;
}

static Value read_atom(Reader *r, int type) {
    int32_t i;
    double d;
    switch (type) {
    case 'i': return marshal_read_long(r, &i) ? small_int(i) : NO_VALUE;
    case 'I': {
        const char *data = take(r, 8);
        int64_t wide;
        CHECK(data);
        memcpy(&wide, data, 8);
        return int_from(r->t, wide);
    }
    case 'l': return read_long_int(r);
    case 'f':
    case 'g': return read_double(r, type == 'g', &d) ? float_from_double(r->t, d) : NO_VALUE;
    case 'x':
    case 'y': return read_complex(r, type == 'y');
    case 's': return read_bytes(r);
    default: return read_str(r, type);
    }
}

static Value read_typed(Reader *r, int type, bool flag) {
    switch (type) {
    case '0': return NO_VALUE; /* ends a dict */
    case 'N': return NONE;
    case 'S': return from_object(&StopIteration_type);
    case '.': return ELLIPSIS;
    case 'F': return FALSE;
    case 'T': return TRUE;
    case 'r': return read_reference(r);
    default: break;
    }
    static const bool known[256] = {
        ['i'] = true, ['I'] = true, ['l'] = true, ['f'] = true, ['g'] = true, ['x'] = true, ['y'] = true, ['s'] = true,
        ['u'] = true, ['t'] = true, ['a'] = true, ['A'] = true, ['z'] = true, ['Z'] = true, ['('] = true, [')'] = true,
        ['['] = true, ['{'] = true, ['<'] = true, ['>'] = true, ['c'] = true, [':'] = true,
        ['P'] = true,
    };
    if (!known[(uint8_t)type])
        return raise_value_error(r->t, "bad marshal data (unknown type code)");
    int64_t index = reserve(r, flag);
    CHECK(index != -2);
    switch (type) {
    case '(':
    case ')': return read_tuple(r, type == ')', index);
    case '[': return read_list(r, index);
    case '{': return read_dict(r, index);
    case '<':
    case '>': return read_set(r, type == '>', index);
    case 'c':
    case 'P': return read_code(r, type == 'P', index);
    case ':': return read_slice(r, index);
    default: return remember(r, read_atom(r, type), index);
    }
}

Value marshal_read(Reader *r) {
    uint8_t byte;
    if (present(r->file) ? !read_byte(r, &byte) : r->next >= r->end) {
        if (present(r->file) && error_pending(r->t) && !error_catch(r->t, &EOFError_type))
            return NO_VALUE;
        return raise_error(r->t, &EOFError_type, "EOF read where object expected");
    }
    if (absent(r->file))
        byte = (uint8_t)*r->next++;
    if (r->depth >= MARSHAL_MAX_DEPTH)
        return raise_value_error(r->t, "recursion limit exceeded");
    r->depth++;
    Value v = read_typed(r, byte & ~MARSHAL_FLAG_REF, byte & MARSHAL_FLAG_REF);
    r->depth--;
    return v;
}

Value marshal_read_top(Reader *r) {
    Value v = marshal_read(r);
    if (absent(v) && !error_pending(r->t))
        raise_type_error(r->t, "NULL object in marshal data for object");
    return v;
}

static Value loads(Reader *r, const char *data, size_t size) {
    r->next = data;
    r->end = data + size;
    return marshal_read_top(r);
}

Value marshal_loads(Thread *t, const char *data, size_t size, bool allow_code, Value owner) {
    Reader r = {.t = t, .allow_code = allow_code, .owner = owner};
    return loads(&r, data, size);
}

Value marshal_loads_constant(Thread *t, const char *data, size_t size) {
    Reader r = {.t = t, .allow_code = true, .constant = true};
    return loads(&r, data, size);
}

Value marshal_loads_outlined(Thread *t, CodeObject *outline, const char *data, size_t size, Value owner) {
    Reader r = {.t = t, .allow_code = true, .constant = absent(owner), .owner = owner, .outline = outline};
    Value code = loads(&r, data, size);
    if (r.constant)
        frozen_was_read();
    return code;
}
