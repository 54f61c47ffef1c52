/* Pickling, the walk: numbers, text and bytes here, and the order in which everything else is asked.
 *
 * Objects nest as deep as the C stack's limit allows: pickler_save guards its recursion.
 */
#include "base/byte_order.h"
#include "base/textbuf.h"
#include "base/utf8.h"
#include "modules/_pickle/pickle.h"
#include "types/exceptions/exceptions.h"
#include "types/str/codecs.h"
#include "vm/function.h"

bool pickler_note(Thread *t, Value object, const char *what) {
    Value error = error_take(t), name = qualified_type_name(t, object);
    Value note = absent(name) ? name : format_text(t, "when serializing %S %s", name, what);
    if (absent(note) || !exception_add_note(t, error, note))
        error_clear(t);
    error_restore(t, error);
    return false;
}

/* The memo */

static bool write_number_line(Thread *t, Pickler *p, Opcode op, int64_t number) {
    char text[32];
    int n = snprintf(text, sizeof text, "%c%lld\n", (char)op, (long long)number);
    return write_bytes(t, p, text, (size_t)n);
}

static bool write_index(Thread *t, Pickler *p, Opcode text_op, Opcode byte_op, Opcode long_op, size_t index) {
    if (!p->bin)
        return write_number_line(t, p, text_op, (int64_t)index);
    char *to = output_reserve(t, p, index < 256 ? 2 : 5);
    if (to == NULL)
        return false;
    to[0] = (char)(index < 256 ? byte_op : long_op);
    if (index < 256)
        to[1] = (char)index;
    else
        put_le32(to + 1, (uint32_t)index);
    return true;
}

bool pickler_write_get(Thread *t, Pickler *p, Value v, bool *found) {
    size_t index;
    *found = pickler_memo_find(&p->memo, v, &index);
    if (!*found)
        return true;
    if (p->bin && index > UINT32_MAX) {
        PICKLING_FAIL(t, "memo id too large for LONG_BINGET");
        return false;
    }
    return write_index(t, p, OP_GET, OP_BINGET, OP_LONG_BINGET, index);
}

bool pickler_memoize(Thread *t, Pickler *p, Value v) {
    if (p->fast)
        return true;
    size_t index = p->memo.used;
    if (!pickler_memo_add(t, p, v, index))
        return false;
    if (p->protocol >= 4)
        return write_op(t, p, OP_MEMOIZE);
    if (p->bin && index > UINT32_MAX) {
        PICKLING_FAIL(t, "memo id too large for LONG_BINPUT");
        return false;
    }
    return write_index(t, p, OP_PUT, OP_BINPUT, OP_LONG_BINPUT, index);
}

/* Numbers */

static bool save_bool(Thread *t, Pickler *p, Value v) {
    if (p->protocol >= 2)
        return write_op(t, p, same(v, TRUE) ? OP_NEWTRUE : OP_NEWFALSE);
    return write_bytes(t, p, same(v, TRUE) ? "I01\n" : "I00\n", 4);
}

static bool save_big_int(Thread *t, Pickler *p, Value v) {
    if (p->protocol < 2) {
        Value text = int_to_text(t, v, 10);
        size_t n;
        const char *digits = absent(text) ? NULL : str_utf8(t, text, &n);
        return digits && write_op(t, p, OP_LONG) && write_bytes(t, p, digits, n) && write_bytes(t, p, "L\n", 2);
    }
    size_t n = int_bit_length(v) / 8 + 1;
    Value encoded = int_to_bytes(t, v, n, false, true);
    if (absent(encoded))
        return false;
    const char *bytes = as_bytes(encoded)->data;
    if (int_sign(v) < 0 && n > 1 && bytes[n - 1] == (char)0xff && (bytes[n - 2] & 0x80))
        n--;
    if (n > INT32_MAX) {
        raise_overflow_error(t, "int too large to pickle");
        return false;
    }
    char header[5] = {(char)(n < 256 ? OP_LONG1 : OP_LONG4), (char)n};
    if (n >= 256)
        put_le32(header + 1, (uint32_t)n);
    return write_bytes(t, p, header, n < 256 ? 2 : 5) && write_bytes(t, p, bytes, n);
}

static bool save_int(Thread *t, Pickler *p, Value v) {
    if (!is_small_int(v) || small_int_value(v) != (int32_t)small_int_value(v))
        return save_big_int(t, p, v);
    int64_t i = small_int_value(v);
    if (!p->bin)
        return write_number_line(t, p, OP_INT, i);
    size_t n = (uint64_t)i <= 0xff ? 2 : (uint64_t)i <= 0xffff ? 3 : 5;
    char *to = output_reserve(t, p, n);
    if (to == NULL)
        return false;
    char number[4];
    put_le32(number, (uint32_t)i);
    to[0] = (char)(n == 2 ? OP_BININT1 : n == 3 ? OP_BININT2 : OP_BININT);
    memcpy(to + 1, number, n - 1);
    return true;
}

static bool save_float(Thread *t, Pickler *p, Value v) {
    double d = float_value(v);
    if (p->bin) {
        char *to = output_reserve(t, p, 9);
        if (to == NULL)
            return false;
        uint64_t bits;
        memcpy(&bits, &d, sizeof bits);
        to[0] = OP_BINFLOAT;
        put_be64(to + 1, bits);
        return true;
    }
    Value text = float_repr(t, d);
    size_t n;
    const char *digits = absent(text) ? NULL : str_utf8(t, text, &n);
    return digits && write_op(t, p, OP_FLOAT) && write_bytes(t, p, digits, n) && write_op(t, p, '\n');
}

/* Bytes and text */

/* The header of data of n bytes, in the shortest of the forms given; a form of 0 does not exist. */
static size_t put_header(char *header, size_t n, Opcode byte_form, Opcode long_form, Opcode huge_form) {
    if (n <= 0xff && byte_form) {
        header[0] = (char)byte_form;
        header[1] = (char)n;
        return 2;
    }
    if (n <= UINT32_MAX && long_form) {
        header[0] = (char)long_form;
        put_le32(header + 1, (uint32_t)n);
        return 5;
    }
    if (!huge_form)
        return 0;
    header[0] = (char)huge_form;
    put_le64(header + 1, n);
    return 9;
}

bool pickler_save_bytes(Thread *t, Pickler *p, Value object, const char *data, size_t n, Value whole) {
    char header[9];
    size_t size = put_header(header, n, OP_SHORT_BINBYTES, OP_BINBYTES, p->protocol >= 4 ? OP_BINBYTES8 : 0);
    if (size == 0) {
        raise_overflow_error(t, "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher");
        return false;
    }
    return output_write_large(t, p, header, size, data, n, whole) && pickler_memoize(t, p, object);
}

static bool save_bytes(Thread *t, Pickler *p, Value v) {
    BytesObject *b = as_bytes(v);
    if (p->protocol >= 3)
        return pickler_save_bytes(t, p, v, b->data, b->length, v);
    /* Python 2 had no such thing: encode(text, "latin1") makes it from text. */
    if (b->length == 0)
        return pickler_save_call(t, p, from_object(&bytes_type), empty_tuple, v);
    Value latin1 = str_from_text(t, "latin1"), text = decode_latin1(t, b->data, b->length, NULL);
    Value args = absent(text) || absent(latin1) ? NO_VALUE : tuple_pack(t, 2, text, latin1);
    return present(args) && pickler_save_call(t, p, pickle_state(t, CODECS_ENCODE), args, v);
}

bool pickler_save_bytearray(Thread *t, Pickler *p, Value object, const char *data, size_t n, Value whole) {
    char header[9];
    size_t size = put_header(header, n, 0, 0, OP_BYTEARRAY8);
    return output_write_large(t, p, header, size, data, n, whole) && pickler_memoize(t, p, object);
}

static bool save_bytearray(Thread *t, Pickler *p, Value v) {
    Buffer b;
    if (!buffer_get(t, v, &b, false))
        return false;
    bool ok;
    if (p->protocol >= 5)
        ok = pickler_save_bytearray(t, p, v, b.data, b.length, v);
    else {
        Value copy = b.length ? bytes_new(t, b.data, b.length) : NO_VALUE;
        Value args = b.length == 0 ? empty_tuple : absent(copy) ? copy : tuple_pack(t, 1, copy);
        ok = present(args) && pickler_save_call(t, p, from_object(&bytearray_type), args, v);
    }
    buffer_release(t, &b);
    return ok;
}

static bool save_picklebuffer(Thread *t, Pickler *p, Value v) {
    Buffer b;
    if (p->protocol < 5) {
        PICKLING_FAIL(t, "PickleBuffer can only be pickled with protocol >= 5");
        return false;
    }
    if (!buffer_get(t, v, &b, false))
        return false;
    bool ok = buffer_is_contiguous(&b, 'A');
    int in_band = 1;
    if (!ok)
        PICKLING_FAIL(t, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
    else if (present(p->buffer_callback)) {
        Value answer = call_1(t, p->buffer_callback, v);
        in_band = absent(answer) ? -1 : truth(t, answer);
        ok = in_band >= 0;
    }
    if (ok && !in_band)
        ok = write_op(t, p, OP_NEXT_BUFFER) && (!b.read_only || write_op(t, p, OP_READONLY_BUFFER));
    else if (ok && b.read_only)
        ok = pickler_save_bytes(t, p, v, b.data, b.length, NO_VALUE);
    else if (ok)
        ok = pickler_save_bytearray(t, p, v, b.data, b.length, NO_VALUE);
    buffer_release(t, &b);
    return ok;
}

/* Protocol 0: one line of Latin-1; what does not fit, and the characters that lines and escapes are made of, escaped. */
static bool save_str_line(Thread *t, Pickler *p, Value v) {
    const void *data = str_data(t, v);
    TextBuf b;
    if (data == NULL)
        return false;
    textbuf_init(&b);
    textbuf_byte(&b, OP_UNICODE);
    for (size_t i = 0; i < str_length(v); i++) {
        uint32_t c = str_char(data, str_kind(v), i);
        if (c >= 0x10000)
            textbuf_format(&b, "\\U%08x", c);
        else if (c >= 0x100 || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1a)
            textbuf_format(&b, "\\u%04x", c);
        else
            textbuf_byte(&b, (char)c);
    }
    textbuf_byte(&b, '\n');
    bool ok = !b.failed;
    if (!ok)
        raise_no_memory(t);
    ok = ok && write_bytes(t, p, b.data, b.size) && pickler_memoize(t, p, v);
    textbuf_free(&b);
    return ok;
}

/* Lone surrogates are encoded like any other character. */
static size_t utf8_length(const void *data, int kind, size_t length) {
    size_t n = length;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = str_char(data, kind, i);
        n += (c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
    }
    return n;
}

static void put_utf8(char *to, const void *data, int kind, size_t length) {
    for (size_t i = 0; i < length; i++)
        to = (char *)utf8_put((uint8_t *)to, str_char(data, kind, i));
}

static bool save_str(Thread *t, Pickler *p, Value v) {
    if (!p->bin)
        return save_str_line(t, p, v);
    const char *data = str_data(t, v);
    size_t n = str_length(v);
    if (data == NULL)
        return false;
    if (!str_is_ascii(v))
        n = utf8_length(data, str_kind(v), n);
    char header[9];
    bool new_forms = p->protocol >= 4;
    size_t size = put_header(header, n, new_forms ? OP_SHORT_BINUNICODE : 0, OP_BINUNICODE, new_forms ? OP_BINUNICODE8 : 0);
    if (size == 0) {
        raise_overflow_error(t, "serializing a string larger than 4 GiB requires pickle protocol 4 or higher");
        return false;
    }
    bool ok;
    if (str_is_ascii(v) || n >= FRAME_SIZE_TARGET) {
        Value encoded = str_is_ascii(v) ? v : encode_utf8(t, v, "surrogatepass");
        if (absent(encoded))
            return false;
        ok = output_write_large(t, p, header, size, str_is_ascii(v) ? data : as_bytes(encoded)->data, n, NO_VALUE);
        keep_alive((void *)encoded.bits);
    } else {
        char *to = output_reserve(t, p, size + n);
        ok = to != NULL;
        if (ok)
            put_utf8(mempcpy(to, header, size), data, str_kind(v), str_length(v));
    }
    return ok && pickler_memoize(t, p, v);
}

/* Persistent ids */

static bool write_persistent(Thread *t, Pickler *p, Value id) {
    if (p->bin)
        return pickler_save_no_persistent(t, p, id) && write_op(t, p, OP_BINPERSID);
    Value text = to_str(t, id);
    if (absent(text))
        return false;
    if (!str_is_ascii(text)) {
        PICKLING_FAIL(t, "persistent IDs in protocol 0 must be ASCII strings");
        return false;
    }
    const char *data = str_data(t, text);
    return data && write_op(t, p, OP_PERSID) && write_bytes(t, p, data, str_length(text)) && write_op(t, p, '\n');
}

/* The walk */

/* Containers and everything that Python code may be called for. */
static bool save_compound(Thread *t, Pickler *p, Value v, Type *type) {
    if (type == &dict_type)
        return pickler_save_dict(t, p, v);
    if (type == &list_type)
        return pickler_save_list(t, p, v);
    if (type == &tuple_type)
        return pickler_save_tuple(t, p, v);
    if (type == &set_type)
        return pickler_save_set(t, p, v);
    if (type == &frozenset_type)
        return pickler_save_frozenset(t, p, v);
    if (type == &bytearray_type)
        return save_bytearray(t, p, v);
    if (type == &pickle_buffer_type)
        return save_picklebuffer(t, p, v);
    if (present(p->reducer_override)) {
        Value reduced = call_1(t, p->reducer_override, v);
        if (absent(reduced) || !same(reduced, NOT_IMPLEMENTED))
            return present(reduced) && pickler_save_reduced(t, p, reduced, v);
    }
    if (type == &type_type)
        return pickler_save_type(t, p, v);
    if (type == &function_type)
        return pickler_save_global(t, p, v, NO_VALUE);
    return pickler_save_object(t, p, v);
}

bool pickler_save_no_persistent(Thread *t, Pickler *p, Value v) {
    Type *type = type_of(v);
    if (type == &int_type)
        return save_int(t, p, v);
    if (type == &float_type)
        return save_float(t, p, v);
    if (is_none(v))
        return write_op(t, p, OP_NONE);
    if (type == &bool_type)
        return save_bool(t, p, v);
    bool found;
    if (!pickler_write_get(t, p, v, &found) || found)
        return found && !error_pending(t);
    if (type == &str_type)
        return save_str(t, p, v);
    if (type == &bytes_type)
        return save_bytes(t, p, v);
    if (!recursion_enter(t, " while pickling an object") || !safepoint_inside(t))
        return false;
    bool ok = save_compound(t, p, v, type);
    recursion_leave(t);
    return ok;
}

bool pickler_save(Thread *t, Pickler *p, Value v) {
    if (!output_frame_boundary(t, p))
        return false;
    if (present(p->persistent_id)) {
        Value id = call_1(t, p->persistent_id, v);
        if (absent(id))
            return false;
        if (!is_none(id))
            return write_persistent(t, p, id);
    }
    return pickler_save_no_persistent(t, p, v);
}
