/* _codecs: the registry and the codecs written in C, as functions of (input, errors) that return (result, length used).
 */
#include "object/buffer.h"
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/module.h"
#include "types/str/codecs.h"
#include "types/tuple.h"

#include <stdio.h>

/* Arguments */

/* The UTF-8 text of a str argument; *out NULL for None where that is allowed. */
static bool text_argument(Thread *t, Value v, const char *function, const char *argument, bool optional, const char **out) {
    *out = NULL;
    if (optional && (absent(v) || is_none(v)))
        return true;
    if (!is_str(v)) {
        raise_type_error(t, "%s() argument%s%s must be str%s, not %T", function, argument ? " " : "", argument ? argument : "", optional ? " or None" : "", v);
        return false;
    }
    size_t size;
    *out = str_utf8(t, v, &size);
    if (*out && strlen(*out) != size) {
        raise_value_error(t, "embedded null character");
        return false;
    }
    return *out != NULL;
}

static Value pair(Thread *t, Value result, size_t used) {
    return present(result) ? tuple_pack(t, 2, result, small_int((int64_t)used)) : NO_VALUE;
}

typedef struct Input {
    Buffer buffer;
    const char *data, *errors;
    size_t length;
    bool held, final;
} Input;

/* (data, errors, [final]) */
static bool input_get(Thread *t, Value *args, const char *function, bool text_allowed, bool takes_final, Input *in) {
    in->held = false;
    in->final = true;
    if (!text_argument(t, args[1], function, "2", true, &in->errors))
        return false;
    if (takes_final) {
        int final = truth(t, args[2]);
        if (final < 0)
            return false;
        in->final = final;
    }
    if (text_allowed && is_str(args[0])) {
        in->data = str_utf8(t, args[0], &in->length);
        return in->data != NULL;
    }
    if (!buffer_get_contiguous(t, args[0], &in->buffer, false))
        return false;
    in->held = true;
    in->data = in->buffer.data;
    in->length = in->buffer.length;
    return true;
}

static Value input_done(Thread *t, Input *in, Value result, size_t used) {
    if (in->held)
        buffer_release(t, &in->buffer);
    return pair(t, result, used);
}

/* Decoders that may leave an incomplete end. */
#define PARTIAL_DECODER(name, text_allowed, call)                                                                \
    static Value name##_decode(Thread *t, Value *args) {                                                         \
        Input in;                                                                                                \
        CHECK(input_get(t, args, #name "_decode", text_allowed, true, &in));                                     \
        size_t used = in.length, *consumed = in.final ? NULL : &used;                                            \
        Value v = call;                                                                                          \
        return input_done(t, &in, v, used);                                                                      \
    }
PARTIAL_DECODER(utf_8, false, decode_utf8(t, in.data, in.length, in.errors, consumed))
PARTIAL_DECODER(utf_7, false, decode_utf7(t, in.data, in.length, in.errors, consumed))
PARTIAL_DECODER(utf_16, false, decode_utf16(t, in.data, in.length, in.errors, &(int){0}, consumed))
PARTIAL_DECODER(utf_16_le, false, decode_utf16(t, in.data, in.length, in.errors, &(int){-1}, consumed))
PARTIAL_DECODER(utf_16_be, false, decode_utf16(t, in.data, in.length, in.errors, &(int){1}, consumed))
PARTIAL_DECODER(utf_32, false, decode_utf32(t, in.data, in.length, in.errors, &(int){0}, consumed))
PARTIAL_DECODER(utf_32_le, false, decode_utf32(t, in.data, in.length, in.errors, &(int){-1}, consumed))
PARTIAL_DECODER(utf_32_be, false, decode_utf32(t, in.data, in.length, in.errors, &(int){1}, consumed))
PARTIAL_DECODER(raw_unicode_escape, true, decode_raw_unicode_escape(t, in.data, in.length, in.errors, consumed))
#undef PARTIAL_DECODER

static bool warn_escape(Thread *t, int64_t invalid, bool bytes) {
    const char *prefix = bytes ? "b" : "";
    if (invalid > 0xff) {
        char octal[8];
        snprintf(octal, sizeof octal, "%o", (unsigned)(invalid - 0x100));
        return warn(t, &DeprecationWarning_type, 1, "%s\"\\%s\" is an invalid octal escape sequence. Such sequences will not work in "
                    "the future. ", prefix, octal);
    }
    return warn(t, &DeprecationWarning_type, 1, "%s\"\\%c\" is an invalid escape sequence. Such sequences will not work in the future. ",
                prefix, (int)invalid);
}

static Value unicode_escape_decode(Thread *t, Value *args) {
    Input in;
    CHECK(input_get(t, args, "unicode_escape_decode", true, true, &in));
    size_t used = in.length;
    int64_t invalid;
    Value v = decode_unicode_escape(t, in.data, in.length, in.errors, in.final ? NULL : &used, &invalid);
    if (present(v) && invalid >= 0 && !warn_escape(t, invalid, false))
        v = NO_VALUE;
    return input_done(t, &in, v, used);
}

static Value escape_decode(Thread *t, Value *args) {
    Input in;
    CHECK(input_get(t, args, "escape_decode", true, false, &in));
    int64_t invalid;
    Value v = decode_bytes_escape(t, in.data, in.length, in.errors, &invalid);
    if (present(v) && invalid >= 0 && !warn_escape(t, invalid, true))
        v = NO_VALUE;
    return input_done(t, &in, v, in.length);
}

#define WHOLE_DECODER(name, call)                                                                                \
    static Value name##_decode(Thread *t, Value *args) {                                                         \
        Input in;                                                                                                \
        CHECK(input_get(t, args, #name "_decode", false, false, &in));                                           \
        Value v = call;                                                                                          \
        return input_done(t, &in, v, in.length);                                                                 \
    }
WHOLE_DECODER(latin_1, decode_latin1(t, in.data, in.length, in.errors))
WHOLE_DECODER(ascii, decode_ascii(t, in.data, in.length, in.errors))
WHOLE_DECODER(charmap, decode_charmap(t, in.data, in.length, in.errors, args[2]))
#undef WHOLE_DECODER

static Value ex_decode(Thread *t, Value *args, bool wide) {
    Input in;
    Value shifted[] = {args[0], args[1], args[3]};
    int64_t order;
    CHECK(index_as_ssize(t, args[2], &order, false, NULL));
    CHECK(input_get(t, shifted, wide ? "utf_32_ex_decode" : "utf_16_ex_decode", false, true, &in));
    size_t used = in.length;
    int found = order < 0 ? -1 : order > 0;
    Value v = (wide ? decode_utf32 : decode_utf16)(t, in.data, in.length, in.errors, &found, in.final ? NULL : &used);
    if (in.held)
        buffer_release(t, &in.buffer);
    return present(v) ? tuple_pack(t, 3, v, small_int((int64_t)used), small_int(found)) : NO_VALUE;
}
static Value utf_16_ex_decode(Thread *t, Value *args) { return ex_decode(t, args, false); }
static Value utf_32_ex_decode(Thread *t, Value *args) { return ex_decode(t, args, true); }

/* Encoders */

#define ENCODER(name, call)                                                                                      \
    static Value name##_encode(Thread *t, Value *args) {                                                         \
        const char *errors;                                                                                      \
        if (!is_str(args[0]))                                                                                    \
            return raise_type_error(t, #name "_encode() argument 1 must be str, not %Y", args[0]);               \
        CHECK(text_argument(t, args[1], #name "_encode", "2", true, &errors));                                   \
        return pair(t, call, str_length(args[0]));                                                               \
    }
static Value with_order(Thread *t, Value *args, const char *errors, bool wide) {
    int64_t order;
    CHECK(index_as_ssize(t, args[2], &order, false, NULL));
    return (wide ? encode_utf32 : encode_utf16)(t, args[0], errors, order < 0 ? -1 : order > 0);
}
ENCODER(utf_8, encode_utf8(t, args[0], errors))
ENCODER(utf_7, encode_utf7(t, args[0], errors))
ENCODER(utf_16, with_order(t, args, errors, false))
ENCODER(utf_16_le, encode_utf16(t, args[0], errors, -1))
ENCODER(utf_16_be, encode_utf16(t, args[0], errors, 1))
ENCODER(utf_32, with_order(t, args, errors, true))
ENCODER(utf_32_le, encode_utf32(t, args[0], errors, -1))
ENCODER(utf_32_be, encode_utf32(t, args[0], errors, 1))
ENCODER(latin_1, encode_latin1(t, args[0], errors))
ENCODER(ascii, encode_ascii(t, args[0], errors))
ENCODER(charmap, encode_charmap(t, args[0], errors, args[2]))
ENCODER(unicode_escape, encode_unicode_escape(t, args[0]))
ENCODER(raw_unicode_escape, encode_raw_unicode_escape(t, args[0]))
#undef ENCODER

static Value escape_encode(Thread *t, Value *args) {
    static const char digits[] = "0123456789abcdef";
    if (!is_bytes(args[0]))
        return raise_type_error(t, "escape_encode() argument 1 must be bytes, not %Y", args[0]);
    BytesObject *in = as_bytes(args[0]);
    TextBuf b;
    textbuf_init(&b);
    for (size_t i = 0; i < in->length; i++) {
        uint8_t c = (uint8_t)in->data[i];
        if (c == '\'' || c == '\\') {
            textbuf_byte(&b, '\\');
            textbuf_byte(&b, (char)c);
        } else if (c == '\t' || c == '\n' || c == '\r') {
            textbuf_text(&b, c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r");
        } else if (c < ' ' || c >= 0x7f) {
            char escape[] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
            textbuf_append(&b, escape, 4);
        } else {
            textbuf_byte(&b, (char)c);
        }
    }
    Value v = b.failed ? raise_no_memory(t) : bytes_new(t, b.data, b.size);
    textbuf_free(&b);
    return pair(t, v, in->length);
}

static Value readbuffer_encode(Thread *t, Value *args) {
    Input in;
    CHECK(input_get(t, args, "readbuffer_encode", true, false, &in));
    return input_done(t, &in, bytes_new(t, in.data, in.length), in.length);
}

/* Registry */

static Value module_register(Thread *t, Value *args) { return codec_register(t, args[0]) ? NONE : NO_VALUE; }
static Value module_unregister(Thread *t, Value *args) { return codec_unregister(t, args[0]) ? NONE : NO_VALUE; }

static Value module_lookup(Thread *t, Value *args) {
    const char *encoding;
    CHECK(text_argument(t, args[0], "lookup", NULL, false, &encoding));
    return codec_lookup(t, encoding);
}

static Value by_name(Thread *t, Value *args, bool decoding) {
    const char *encoding, *errors, *function = decoding ? "decode" : "encode";
    CHECK(text_argument(t, args[1], function, "'encoding'", false, &encoding));
    CHECK(text_argument(t, args[2], function, "'errors'", false, &errors));
    return (decoding ? codec_decode : codec_encode)(t, args[0], encoding, errors);
}
static Value module_encode(Thread *t, Value *args) { return by_name(t, args, false); }
static Value module_decode(Thread *t, Value *args) { return by_name(t, args, true); }

static Value register_error(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "register_error() argument 1 must be str, not %Y", args[0]);
    return codec_register_error(t, args[0], args[1]) ? NONE : NO_VALUE;
}
static Value unregister_error(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "_unregister_error() argument must be str, not %Y", args[0]);
    return codec_unregister_error(t, args[0]);
}
static Value lookup_error(Thread *t, Value *args) {
    const char *name;
    CHECK(text_argument(t, args[0], "lookup_error", NULL, false, &name));
    return codec_lookup_error(t, name);
}
static Value module_charmap_build(Thread *t, Value *args) {
    if (!is_str(args[0]))
        return raise_type_error(t, "charmap_build() argument must be str, not %Y", args[0]);
    return charmap_build(t, args[0]);
}

#define DECODER_ROW(name, more) {#name "_decode(data, errors=None" more ", /)", name##_decode, "Decode bytes."}
#define ENCODER_ROW(name, more) {#name "_encode(str, errors=None" more ", /)", name##_encode, "Encode a str."}
static const NativeDef functions[] = {
    {"register(search_function, /)", module_register, "Register a codec search function."},
    {"unregister(search_function, /)", module_unregister, "Unregister a codec search function."},
    {"lookup(encoding, /)", module_lookup, "Look up the codec of an encoding."},
    {"encode(obj, encoding='utf-8', errors='strict')", module_encode, "Encode an object by a registered codec."},
    {"decode(obj, encoding='utf-8', errors='strict')", module_decode, "Decode an object by a registered codec."},
    {"register_error(errors, handler, /)", register_error, "Register an error handler."},
    {"_unregister_error(errors, /)", unregister_error, "Unregister an error handler."},
    {"lookup_error(name, /)", lookup_error, "Look up an error handler."},
    {"charmap_build(map, /)", module_charmap_build, "Build an encoding map from a decoding table."},
    {"escape_encode(data, errors=None, /)", escape_encode, "Encode bytes with escapes."},
    {"escape_decode(data, errors=None, /)", escape_decode, "Decode the escapes of bytes literals."},
    {"readbuffer_encode(data, errors=None, /)", readbuffer_encode, "Copy a buffer to bytes."},
    {"unicode_escape_decode(data, errors=None, final=True, /)", unicode_escape_decode, "Decode bytes."},
    {"utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /)", utf_16_ex_decode, "Decode bytes, telling the order."},
    {"utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /)", utf_32_ex_decode, "Decode bytes, telling the order."},
    DECODER_ROW(utf_8, ", final=False"),
    DECODER_ROW(utf_7, ", final=False"),
    DECODER_ROW(utf_16, ", final=False"),
    DECODER_ROW(utf_16_le, ", final=False"),
    DECODER_ROW(utf_16_be, ", final=False"),
    DECODER_ROW(utf_32, ", final=False"),
    DECODER_ROW(utf_32_le, ", final=False"),
    DECODER_ROW(utf_32_be, ", final=False"),
    DECODER_ROW(raw_unicode_escape, ", final=True"),
    DECODER_ROW(latin_1, ""),
    DECODER_ROW(ascii, ""),
    DECODER_ROW(charmap, ", mapping=None"),
    ENCODER_ROW(utf_8, ""),
    ENCODER_ROW(utf_7, ""),
    ENCODER_ROW(utf_16, ", byteorder=0"),
    ENCODER_ROW(utf_16_le, ""),
    ENCODER_ROW(utf_16_be, ""),
    ENCODER_ROW(utf_32, ", byteorder=0"),
    ENCODER_ROW(utf_32_le, ""),
    ENCODER_ROW(utf_32_be, ""),
    ENCODER_ROW(latin_1, ""),
    ENCODER_ROW(ascii, ""),
    ENCODER_ROW(charmap, ", mapping=None"),
    ENCODER_ROW(unicode_escape, ""),
    ENCODER_ROW(raw_unicode_escape, ""),
    {0},
};

NATIVE_MODULE(_codecs) = {"_codecs", NULL, functions, NULL};
