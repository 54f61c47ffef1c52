/* Codecs: the machinery of error handlers, the registry, and the codecs written in C.
 *
 * A decoder builds a str from bytes, an encoder bytes from a str; both meet errors through the functions here, which
 * handle the common handlers at once and call any other one by its registered name. `errors` NULL means strict.
 *
 * Threads: coder structs live on one thread's stack. The registry is a list and dicts, each safe by itself.
 */
#pragma once
#include "base/textbuf.h"
#include "object/thread.h"
#include "types/str/str_layout.h"

static inline bool is_short_text(Value v, const char *text, size_t length) {
    if (!is_exactly(v, &str_type) || str_length(v) != length || !str_is_ascii(v))
        return false;
    const char *data = load_dependent(&as_str(v)->data);
    return data && bytes_same(data, text, length);
}
/* Whether the arguments of encode() and decode() are what they are by default, and names need not be looked up first. */
static inline bool coding_is_default(Thread *t, Value encoding, Value errors) {
    return is_short_text(encoding, "utf-8", 5) && is_short_text(errors, "strict", 6) && likely(!t->isolate->check_encodings);
}

/* Those after ERRORS_OTHER are handled at once by encoders only. */
typedef enum ErrorMode {
    ERRORS_STRICT, ERRORS_IGNORE, ERRORS_REPLACE, ERRORS_SURROGATEESCAPE, ERRORS_OTHER, ERRORS_XMLCHARREF, ERRORS_BACKSLASH,
} ErrorMode;

typedef struct Decoder {
    Thread *t;
    const char *encoding, *errors;
    ErrorMode mode;
    const uint8_t *data; /* the input; an error handler may replace it */
    size_t length;
    Value input;         /* the bytes object that `data` lies in, once there is one */
    Value handler;
    StrBuilder out;
} Decoder;

void decoder_init(Decoder *d, Thread *t, const char *encoding, const char *errors, const char *data, size_t length);
/* Treats input [start, end) as an error: adds what takes its place and sets *next to where decoding goes on. */
[[nodiscard]] bool decoder_error(Decoder *d, size_t start, size_t end, const char *reason, size_t *next);
[[nodiscard]] static inline bool decoder_add(Decoder *d, uint32_t c) { return str_builder_add_char(d->t, &d->out, c); }

typedef struct Encoder {
    Thread *t;
    const char *encoding, *errors;
    ErrorMode mode;
    Value str;
    Chars c;
    Value handler;
    TextBuf out;
} Encoder;

[[nodiscard]] bool encoder_init(Encoder *e, Thread *t, const char *encoding, const char *errors, Value str);
/* Treats characters [start, end) as an error: *replacement becomes a str to be encoded, or bytes to be copied. */
[[nodiscard]] bool encoder_error(Encoder *e, size_t start, size_t end, const char *reason, Value *replacement, size_t *next);
Value encoder_raise(Encoder *e, size_t start, size_t end, const char *reason); /* UnicodeEncodeError */
Value encoder_finish(Encoder *e); /* the bytes; frees the buffer; for failures too, with `failed` returned absent */
Value encoder_fail(Encoder *e);   /* frees the buffer; absent */

/* The codecs. Decoders set *consumed when it is not NULL (then an incomplete end is left for later). */
Value decode_utf8(Thread *t, const char *s, size_t n, const char *errors, size_t *consumed);
Value encode_utf8(Thread *t, Value v, const char *errors);
/* byte_order: -1 little, 1 big, 0: native, or as the mark at the start says; set to what was found. */
Value decode_utf16(Thread *t, const char *s, size_t n, const char *errors, int *byte_order, size_t *consumed);
Value encode_utf16(Thread *t, Value v, const char *errors, int byte_order);
Value decode_utf32(Thread *t, const char *s, size_t n, const char *errors, int *byte_order, size_t *consumed);
Value encode_utf32(Thread *t, Value v, const char *errors, int byte_order);
Value decode_utf7(Thread *t, const char *s, size_t n, const char *errors, size_t *consumed);
Value encode_utf7(Thread *t, Value v, const char *errors);
Value decode_latin1(Thread *t, const char *s, size_t n, const char *errors);
Value encode_latin1(Thread *t, Value v, const char *errors);
Value decode_ascii(Thread *t, const char *s, size_t n, const char *errors);
Value encode_ascii(Thread *t, Value v, const char *errors);
Value decode_charmap(Thread *t, const char *s, size_t n, const char *errors, Value mapping);
Value encode_charmap(Thread *t, Value v, const char *errors, Value mapping);
Value charmap_build(Thread *t, Value map); /* an EncodingMap, or a dict where that cannot be */
/* *first_invalid (may be NULL): of the first bad escape like \z, which stays as it is, the letter; of an octal escape
 * past \377, 0x100 plus its value; or -1. */
Value decode_unicode_escape(Thread *t, const char *s, size_t n, const char *errors, size_t *consumed, int64_t *first_invalid);
Value encode_unicode_escape(Thread *t, Value v);
Value decode_raw_unicode_escape(Thread *t, const char *s, size_t n, const char *errors, size_t *consumed);
Value encode_raw_unicode_escape(Thread *t, Value v);
Value decode_bytes_escape(Thread *t, const char *s, size_t n, const char *errors, int64_t *first_invalid); /* bytes */

/* The registry */
[[nodiscard]] bool codec_register(Thread *t, Value search_function);
[[nodiscard]] bool codec_unregister(Thread *t, Value search_function);
Value codec_lookup(Thread *t, const char *encoding);             /* the tuple of four */
Value codec_encode(Thread *t, Value object, const char *encoding, const char *errors); /* any type to any type */
Value codec_decode(Thread *t, Value object, const char *encoding, const char *errors);
Value codec_lookup_error(Thread *t, const char *name);           /* LookupError when unknown */
[[nodiscard]] bool codec_register_error(Thread *t, Value name, Value handler);
Value codec_unregister_error(Thread *t, Value name);             /* True if it was there */
Value codec_builtin_errors(Thread *t);                           /* a new dict: name to function */

/* Character names for \N{...}: the code point, or 0x110000 when there is none. The hook is set by unicodedata. */
uint32_t unicode_code_from_name(const char *name, size_t length);
/* The name of c, "" when it has none. */
size_t unicode_name_of(uint32_t c, char *out, size_t capacity);
