/* The built-in error handlers as functions: strict, ignore, replace, xmlcharrefreplace, backslashreplace, namereplace,
 * surrogateescape, surrogatepass. Each takes a UnicodeError and returns (replacement, position to go on at).
 */
#include "object/errors.h"
#include "object/native.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/dict/dict.h"
#include "types/exceptions/exceptions.h"
#include "types/str/codecs.h"
#include "types/tuple.h"

#include <stdio.h>
#include <strings.h>

enum { ENCODE = 1, DECODE = 2, TRANSLATE = 4 };

typedef struct ErrorRange {
    int kind;
    Value object;
    Chars chars; /* of str objects; of bytes: kind 1 */
    size_t start, end;
} ErrorRange;

/* The part of the object that the exception is about, within its bounds. */
static bool error_range(Thread *t, Value e, int accepted, ErrorRange *r) {
    r->kind = !is_object(e) || !is_exception(e)                ? 0
              : is_instance_of(e, &UnicodeEncodeError_type)    ? ENCODE
              : is_instance_of(e, &UnicodeDecodeError_type)    ? DECODE
              : is_instance_of(e, &UnicodeTranslateError_type) ? TRANSLATE
                                                               : 0;
    if (!(r->kind & accepted)) {
        raise_type_error(t, "don't know how to handle %T in error callback", e);
        return false;
    }
    UnicodeErrorObject *u = (UnicodeErrorObject *)e.bits;
    r->object = load(&u->object);
    if (absent(r->object) || (r->kind == DECODE ? !is_bytes(r->object) : !is_str(r->object))) {
        raise_type_error(t, "object attribute must be %s", r->kind == DECODE ? "bytes" : "unicode");
        return false;
    }
    if (r->kind == DECODE)
        r->chars = (Chars){as_bytes(r->object)->data, as_bytes(r->object)->length, 1};
    else if (!chars_of(t, r->object, &r->chars))
        return false;
    int64_t length = (int64_t)r->chars.length, start = load_relaxed(&u->start), end = load_relaxed(&u->end);
    start = start < 0 ? 0 : start >= length ? (length ? length - 1 : 0) : start;
    end = end < 1 ? 1 : end;
    end = end > length ? length : end;
    r->start = (size_t)start;
    r->end = (size_t)(end < start ? start : end);
    return true;
}

static Value result(Thread *t, Value replacement, size_t position) {
    return present(replacement) ? tuple_pack(t, 2, replacement, small_int((int64_t)position)) : NO_VALUE;
}

static Value strict_errors(Thread *t, Value *args) {
    if (is_object(args[0]) && is_exception(args[0]))
        return raise_exception(t, args[0]);
    return raise_type_error(t, "codec must pass exception instance");
}

static Value ignore_errors(Thread *t, Value *args) {
    ErrorRange r;
    CHECK(error_range(t, args[0], ENCODE | DECODE | TRANSLATE, &r));
    return result(t, empty_str, r.end);
}

static Value replace_errors(Thread *t, Value *args) {
    ErrorRange r;
    CHECK(error_range(t, args[0], ENCODE | DECODE | TRANSLATE, &r));
    StrBuilder b = {0};
    CHECK(str_builder_fill(t, &b, r.kind == ENCODE ? '?' : 0xfffd, r.kind == DECODE ? 1 : r.end - r.start));
    return result(t, str_builder_finish(t, &b), r.end);
}

static Value xmlcharrefreplace_errors(Thread *t, Value *args) {
    ErrorRange r;
    CHECK(error_range(t, args[0], ENCODE, &r));
    StrBuilder b = {0};
    for (size_t i = r.start; i < r.end; i++) {
        char text[16];
        snprintf(text, sizeof text, "&#%u;", chars_get(&r.chars, i));
        CHECK(str_builder_add_text(t, &b, text));
    }
    return result(t, str_builder_finish(t, &b), r.end);
}

static bool add_backslash(Thread *t, StrBuilder *b, uint32_t c) {
    char text[16];
    snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    return str_builder_add_text(t, b, text);
}

static Value backslashreplace_errors(Thread *t, Value *args) {
    ErrorRange r;
    CHECK(error_range(t, args[0], ENCODE | DECODE | TRANSLATE, &r));
    StrBuilder b = {0};
    for (size_t i = r.start; i < r.end; i++) CHECK(add_backslash(t, &b, chars_get(&r.chars, i)));
    return result(t, str_builder_finish(t, &b), r.end);
}

static Value namereplace_errors(Thread *t, Value *args) {
    ErrorRange r;
    CHECK(error_range(t, args[0], ENCODE, &r));
    StrBuilder b = {0};
    for (size_t i = r.start; i < r.end; i++) {
        char name[256];
        uint32_t c = chars_get(&r.chars, i);
        if (unicode_name_of(c, name, sizeof name))
            CHECK(str_builder_add_text(t, &b, "\\N{") && str_builder_add_text(t, &b, name) &&
                  str_builder_add_char(t, &b, '}'));
        else
            CHECK(add_backslash(t, &b, c));
    }
    return result(t, str_builder_finish(t, &b), r.end);
}

static Value surrogateescape_errors(Thread *t, Value *args) {
    ErrorRange r;
    CHECK(error_range(t, args[0], ENCODE | DECODE, &r));
    if (r.kind == ENCODE) {
        Value bytes = TRY(bytes_new(t, NULL, r.end - r.start));
        for (size_t i = r.start; i < r.end; i++) {
            uint32_t c = chars_get(&r.chars, i);
            if (c < 0xdc80 || c > 0xdcff)
                return raise_exception(t, args[0]);
            as_bytes(bytes)->data[i - r.start] = (char)(c - 0xdc00);
        }
        return result(t, bytes, r.end);
    }
    StrBuilder b = {0};
    size_t i = r.start;
    for (; i < r.end && i < r.start + 4; i++) {
        uint32_t byte = chars_get(&r.chars, i);
        if (byte < 128)
            break;
        CHECK(str_builder_add_char(t, &b, 0xdc00 + byte));
    }
    if (i == r.start)
        return raise_exception(t, args[0]);
    return result(t, str_builder_finish(t, &b), i);
}

/* How the encodings that can hold surrogates lay one out: bytes per unit, and which comes first. */
typedef struct UnitLayout {
    int width; /* 3 stands for UTF-8; 0: not such an encoding */
    bool big;
} UnitLayout;

static UnitLayout unit_layout(Thread *t, Value encoding) {
    const char *name = is_str(encoding) ? str_utf8(t, encoding, NULL) : "";
    UnitLayout layout = {0, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__};
    if (!name) {
        error_clear(t);
        return layout;
    }
    if (strncasecmp(name, "utf", 3) != 0)
        return layout;
    name += 3;
    if (*name == '-' || *name == '_')
        name++;
    if (strcmp(name, "8") == 0) {
        layout.width = 3;
    } else if (strncmp(name, "16", 2) == 0 || strncmp(name, "32", 2) == 0) {
        int width = *name == '1' ? 2 : 4;
        name += 2;
        bool separated = *name == '-' || *name == '_';
        name += separated;
        if (strcasecmp(name, "be") == 0 || strcasecmp(name, "le") == 0) {
            layout.big = (*name | 32) == 'b';
            layout.width = width;
        } else if (*name == 0 && !separated) {
            layout.width = width;
        }
    }
    return layout;
}

static Value pass_encode(Thread *t, Value e, ErrorRange *r, UnitLayout layout) {
    Value bytes = TRY(bytes_new(t, NULL, (r->end - r->start) * (size_t)layout.width));
    uint8_t *to = (uint8_t *)as_bytes(bytes)->data;
    for (size_t i = r->start; i < r->end; i++) {
        uint32_t c = chars_get(&r->chars, i);
        if ((c & 0xfffff800) != 0xd800)
            return raise_exception(t, e);
        if (layout.width == 3) {
            *to++ = (uint8_t)(0xe0 | c >> 12);
            *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
            *to++ = (uint8_t)(0x80 | (c & 0x3f));
        } else {
            for (int k = 0; k < layout.width; k++) *to++ = (uint8_t)(c >> 8 * (layout.big ? layout.width - 1 - k : k));
        }
    }
    return result(t, bytes, r->end);
}

static Value surrogatepass_errors(Thread *t, Value *args) {
    ErrorRange r;
    CHECK(error_range(t, args[0], ENCODE | DECODE, &r));
    UnitLayout layout = unit_layout(t, ((UnicodeErrorObject *)args[0].bits)->encoding);
    if (layout.width == 0)
        return raise_exception(t, args[0]);
    if (r.kind == ENCODE)
        return pass_encode(t, args[0], &r, layout);
    const uint8_t *s = (const uint8_t *)r.chars.data + r.start;
    uint32_t c = 0;
    if (r.chars.length - r.start >= (size_t)layout.width) {
        if (layout.width == 3) {
            if ((s[0] & 0xf0) == 0xe0 && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80)
                c = (uint32_t)(s[0] & 15) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
        } else {
            for (int k = 0; k < layout.width; k++) c = c << 8 | s[layout.big ? k : layout.width - 1 - k];
        }
    }
    if ((c & 0xfffff800) != 0xd800)
        return raise_exception(t, args[0]);
    return result(t, str_from_char(t, c), r.start + (size_t)layout.width);
}

static const NativeDef handlers[] = {
    {"strict_errors(exception, /)", strict_errors, "Raises the exception."},
    {"ignore_errors(exception, /)", ignore_errors, "Leaves out what is wrong."},
    {"replace_errors(exception, /)", replace_errors, "Puts a question mark in its place."},
    {"xmlcharrefreplace_errors(exception, /)", xmlcharrefreplace_errors, "Puts XML character references in its place."},
    {"backslashreplace_errors(exception, /)", backslashreplace_errors, "Puts escapes in its place."},
    {"namereplace_errors(exception, /)", namereplace_errors, "Puts \\N{...} escapes in its place."},
    {"surrogatepass(exception, /)", surrogatepass_errors, "Lets surrogates through."},
    {"surrogateescape(exception, /)", surrogateescape_errors, "Carries bytes as lone surrogates."},
};
static const char *const handler_names[] = {"strict",           "ignore",      "replace",       "xmlcharrefreplace",
                                            "backslashreplace", "namereplace", "surrogatepass", "surrogateescape"};

Value codec_builtin_errors(Thread *t) {
    Value dict = TRY(dict_new(t));
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++) {
        Value f = TRY(native_function_new(t, &handlers[i], NO_VALUE, NO_VALUE));
        CHECK(dict_set_text(t, dict, handler_names[i], f));
    }
    return dict;
}
