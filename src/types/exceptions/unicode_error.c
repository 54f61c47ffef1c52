/* UnicodeEncodeError, UnicodeDecodeError and UnicodeTranslateError.
 *
 * start and end are whatever was given: whoever reads them clamps them to the object.
 * Threads: as BaseException.
 */
#include "object/buffer.h"
#include "object/call.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/int/int.h"
#include "types/str/str.h"
#include "types/tuple.h"

static UnicodeErrorObject *as_unicode_error(Value v) { return (UnicodeErrorObject *)v.bits; }

static void unicode_error_trace(Tracer *tracer, Object *o) {
    UnicodeErrorObject *e = (UnicodeErrorObject *)o;
    exception_trace(tracer, o);
    trace_value(tracer, e->encoding);
    trace_value(tracer, e->object);
    trace_value(tracer, e->reason);
}

/* Arguments */

static Value check_init(Thread *t, Value *args, size_t count) {
    if (present(args[2]) && dict_length(args[2]))
        return raise_type_error(t, "%T() takes no keyword arguments", args[0]);
    store(as_object(args[0]), &as_exception(args[0])->args, args[1]);
    size_t given = tuple_length(args[1]);
    if (given != count)
        return raise_type_error(t, "function takes exactly %zu arguments (%zu given)", count, given);
    return NONE;
}

static bool take_str(Thread *t, Value tuple, size_t i, Value *out) {
    *out = tuple_get(tuple, i);
    if (is_str(*out))
        return true;
    raise_type_error(t, "argument %zu must be str, not %T", i + 1, *out);
    return false;
}

static bool take_index(Thread *t, Value tuple, size_t i, int64_t *out) {
    return index_as_ssize(t, tuple_get(tuple, i), out, false, NULL);
}

/* What decoding takes: bytes, or a copy of anything with a buffer. */
static bool take_bytes(Thread *t, Value tuple, size_t i, Value *out) {
    *out = tuple_get(tuple, i);
    if (is_bytes(*out))
        return true;
    Buffer buffer;
    if (!buffer_get(t, *out, &buffer, false))
        return false;
    *out = bytes_new(t, buffer.data, buffer.length);
    buffer_release(t, &buffer);
    return present(*out);
}

static void set_fields(Value self, Value encoding, Value object, int64_t start, int64_t end, Value reason) {
    UnicodeErrorObject *e = as_unicode_error(self);
    store(e, &e->encoding, encoding);
    store(e, &e->object, object);
    store(e, &e->reason, reason);
    store_relaxed(&e->start, start);
    store_relaxed(&e->end, end);
}

static Value encode_or_decode_init(Thread *t, Value *args, bool (*take_object)(Thread *, Value, size_t, Value *)) {
    TRY(check_init(t, args, 5));
    Value tuple = args[1], encoding, object, reason;
    int64_t start, end;
    CHECK(take_str(t, tuple, 0, &encoding));
    CHECK(take_object(t, tuple, 1, &object));
    CHECK(take_index(t, tuple, 2, &start));
    CHECK(take_index(t, tuple, 3, &end));
    CHECK(take_str(t, tuple, 4, &reason));
    set_fields(args[0], encoding, object, start, end, reason);
    return NONE;
}

static Value encode_init(Thread *t, Value *args) { return encode_or_decode_init(t, args, take_str); }
static Value decode_init(Thread *t, Value *args) { return encode_or_decode_init(t, args, take_bytes); }

static Value translate_init(Thread *t, Value *args) {
    TRY(check_init(t, args, 4));
    Value tuple = args[1], object, reason;
    int64_t start, end;
    CHECK(take_str(t, tuple, 0, &object));
    CHECK(take_index(t, tuple, 1, &start));
    CHECK(take_index(t, tuple, 2, &end));
    CHECK(take_str(t, tuple, 3, &reason));
    set_fields(args[0], NO_VALUE, object, start, end, reason);
    return NONE;
}

/* Texts */

static void character_escape(char out[16], uint32_t c) {
    snprintf(out, 16, c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x", c);
}

/* An error's attributes, each read once: they may change, also while the texts of others are made. */
typedef struct Parts {
    Value encoding, reason; /* texts; encoding may be absent */
    Value object;
    int64_t start, end;
} Parts;

static bool parts_of(Thread *t, Value v, Parts *out) {
    UnicodeErrorObject *e = as_unicode_error(v);
    out->reason = to_str(t, load(&e->reason));
    out->encoding = load(&e->encoding);
    if (absent(out->reason) || (present(out->encoding) && absent(out->encoding = to_str(t, out->encoding))))
        return false;
    out->object = load(&e->object);
    out->start = load_relaxed(&e->start);
    out->end = load_relaxed(&e->end);
    return true;
}

/* Whether exactly one item of the object is meant. */
static bool is_one(const Parts *e, size_t length) {
    return e->start >= 0 && e->start < (int64_t)length && e->end == e->start + 1;
}

/* The attributes may have been given any value. */
static bool check_object(Thread *t, Value object, bool wants_bytes) {
    if (absent(object)) {
        raise_type_error(t, "UnicodeError 'object' attribute is not set");
        return false;
    }
    if (wants_bytes ? is_bytes(object) : is_str(object))
        return true;
    raise_type_error(t, "UnicodeError 'object' attribute must be a %s", wants_bytes ? "bytes" : "string");
    return false;
}

static Value encode_str(Thread *t, Value *args) {
    Parts e;
    if (absent(load(&as_unicode_error(args[0])->object)))
        return empty_str;
    CHECK(parts_of(t, args[0], &e) && check_object(t, e.object, false));
    if (!is_one(&e, str_length(e.object)))
        return format_text(t, "'%S' codec can't encode characters in position %zd-%zd: %S", e.encoding, (size_t)e.start,
                           (size_t)(e.end - 1), e.reason);
    char escape[16];
    const void *data = str_data(t, e.object);
    character_escape(escape, str_char(data, str_kind(e.object), (size_t)e.start));
    return format_text(t, "'%S' codec can't encode character '%s' in position %zd: %S", e.encoding, escape, (size_t)e.start,
                       e.reason);
}

static Value decode_str(Thread *t, Value *args) {
    Parts e;
    if (absent(load(&as_unicode_error(args[0])->object)))
        return empty_str;
    CHECK(parts_of(t, args[0], &e) && check_object(t, e.object, true));
    if (!is_one(&e, as_bytes(e.object)->length))
        return format_text(t, "'%S' codec can't decode bytes in position %zd-%zd: %S", e.encoding, (size_t)e.start,
                           (size_t)(e.end - 1), e.reason);
    return format_text(t, "'%S' codec can't decode byte 0x%02x in position %zd: %S", e.encoding,
                       (unsigned)(uint8_t)as_bytes(e.object)->data[e.start], (size_t)e.start, e.reason);
}

static Value translate_str(Thread *t, Value *args) {
    Parts e;
    if (absent(load(&as_unicode_error(args[0])->object)))
        return empty_str;
    CHECK(parts_of(t, args[0], &e) && check_object(t, e.object, false));
    if (!is_one(&e, str_length(e.object)))
        return format_text(t, "can't translate characters in position %zd-%zd: %S", (size_t)e.start,
                           (size_t)(e.end - 1), e.reason);
    char escape[16];
    const void *data = str_data(t, e.object);
    character_escape(escape, str_char(data, str_kind(e.object), (size_t)e.start));
    return format_text(t, "can't translate character '%s' in position %zd: %S", escape, (size_t)e.start, e.reason);
}

/* Attributes */

static Value get_start(Thread *t, Value *args) { return int_from(t, load_relaxed(&as_unicode_error(args[0])->start)); }
static Value get_end(Thread *t, Value *args) { return int_from(t, load_relaxed(&as_unicode_error(args[0])->end)); }

static Value set_index(Thread *t, Value v, int64_t *field) {
    if (absent(v))
        return raise_type_error(t, "can't delete numeric/char attribute");
    int64_t n;
    if (!is_int(v))
        return raise_type_error(t, "an integer is required");
    CHECK(index_as_ssize(t, v, &n, false, NULL));
    store_relaxed(field, n);
    return NONE;
}

static Value set_start(Thread *t, Value *args) { return set_index(t, args[1], &as_unicode_error(args[0])->start); }
static Value set_end(Thread *t, Value *args) { return set_index(t, args[1], &as_unicode_error(args[0])->end); }

static Value unicode_new(Thread *t, Value *args) { return exception_allocate(t, as_type(args[0]), args[1]); }

static const NativeDef encode_methods[] = {
    {"__new__(type, *args, **kwargs)", unicode_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, *args, **kwargs)", encode_init, NULL, NATIVE_LAZY_KEYWORDS},
    {"__str__(self, /)", encode_str, NULL, 0},
    {},
};
static const NativeDef decode_methods[] = {
    {"__new__(type, *args, **kwargs)", unicode_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, *args, **kwargs)", decode_init, NULL, NATIVE_LAZY_KEYWORDS},
    {"__str__(self, /)", decode_str, NULL, 0},
    {},
};
static const NativeDef translate_methods[] = {
    {"__new__(type, *args, **kwargs)", unicode_new, NULL, NATIVE_LAZY_KEYWORDS},
    {"__init__(self, *args, **kwargs)", translate_init, NULL, NATIVE_LAZY_KEYWORDS},
    {"__str__(self, /)", translate_str, NULL, 0},
    {},
};
static const MemberDef unicode_members[] = {
    {"encoding", MEMBER_VALUE, offsetof(UnicodeErrorObject, encoding), false, "the encoding's name"},
    {"object", MEMBER_VALUE, offsetof(UnicodeErrorObject, object), false, "what could not be converted"},
    {"reason", MEMBER_VALUE, offsetof(UnicodeErrorObject, reason), false, "why"},
    {},
};
static const GetSetDef unicode_getset[] = {
    {"start", get_start, set_start, "index of the first bad item", MEMBER},
    {"end", get_end, set_end, "index after the last bad item", MEMBER},
    {},
};

#define UNICODE_ERROR(name, table, text)                                                                        \
    STATIC_TYPE(name##_type) = {                                                                                \
        STATIC_TYPE_HEAD(unicode_error_trace, NULL),                                                            \
        .name_text = #name,                                                                                     \
        .doc = text,                                                                                            \
        .base_static = &UnicodeError_type,                                                                      \
        .methods = table,                                                                                       \
        .members = unicode_members,                                                                             \
        .getset = unicode_getset,                                                                               \
        .flags = TYPE_BASE | TYPE_HAS_DICT | TYPE_EXCEPTION,                                                    \
        .instance_size = sizeof(UnicodeErrorObject),                                                            \
    };
UNICODE_ERROR(UnicodeDecodeError, decode_methods, "Bytes do not decode.")
UNICODE_ERROR(UnicodeEncodeError, encode_methods, "A str does not encode.")
UNICODE_ERROR(UnicodeTranslateError, translate_methods, "A str does not translate.")
#undef UNICODE_ERROR

static Value make(Thread *t, Type *type, const char *encoding, Value object, size_t start, size_t end, const char *reason) {
    Value name = TRY(str_from_text(t, encoding)), why = TRY(str_from_text(t, reason));
    Value args = TRY(tuple_pack(t, 5, name, object, small_int((int64_t)start), small_int((int64_t)end), why));
    Value e = TRY(exception_allocate(t, type, args));
    set_fields(e, name, object, (int64_t)start, (int64_t)end, why);
    return e;
}

Value unicode_decode_error(Thread *t, const char *encoding, const char *bytes, size_t length, size_t start, size_t end,
                           const char *reason) {
    return make(t, &UnicodeDecodeError_type, encoding, TRY(bytes_new(t, bytes, length)), start, end, reason);
}

Value unicode_encode_error(Thread *t, const char *encoding, Value str, size_t start, size_t end, const char *reason) {
    return make(t, &UnicodeEncodeError_type, encoding, str, start, end, reason);
}
