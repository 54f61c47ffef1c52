/* What decoders and encoders do when they meet an error: see codecs.h. */
#include "object/call.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/int/int.h"
#include "types/str/codecs.h"
#include "types/tuple.h"

static ErrorMode mode_of(const char *errors) {
    if (!errors || strcmp(errors, "strict") == 0)
        return ERRORS_STRICT;
    if (strcmp(errors, "ignore") == 0)
        return ERRORS_IGNORE;
    if (strcmp(errors, "replace") == 0)
        return ERRORS_REPLACE;
    if (strcmp(errors, "xmlcharrefreplace") == 0)
        return ERRORS_XMLCHARREF;
    if (strcmp(errors, "backslashreplace") == 0)
        return ERRORS_BACKSLASH;
    return strcmp(errors, "surrogateescape") == 0 ? ERRORS_SURROGATEESCAPE : ERRORS_OTHER;
}

void decoder_init(Decoder *d, Thread *t, const char *encoding, const char *errors, const char *data, size_t length) {
    *d = (Decoder){.t = t, .encoding = encoding, .errors = errors, .mode = mode_of(errors), .data = (const uint8_t *)data,
                   .length = length};
    if (d->mode > ERRORS_OTHER)
        d->mode = ERRORS_OTHER;
}

static Value make_error(Thread *t, Type *type, const char *encoding, Value object, size_t start, size_t end,
                        const char *reason) {
    Value args[6] = {NO_VALUE, TRY(str_from_text(t, encoding)), object, small_int((int64_t)start), small_int((int64_t)end),
                     TRY(str_from_text(t, reason))};
    return call(t, from_object(type), args + 1, 5, NO_VALUE);
}

/* The position that a handler returned, checked against the input's length. */
static bool handler_position(Thread *t, Value position, size_t length, size_t *out) {
    int64_t i;
    if (!index_as_ssize(t, position, &i, false, NULL))
        return false;
    int64_t asked = i;
    if (i < 0)
        i += (int64_t)length;
    if (i < 0 || i > (int64_t)length) {
        raise_index_error(t, "position %zd from error handler out of bounds", (ssize_t)asked);
        return false;
    }
    *out = (size_t)i;
    return true;
}

static bool call_decode_handler(Decoder *d, size_t start, size_t end, const char *reason, size_t *next) {
    Thread *t = d->t;
    if (absent(d->handler) && absent(d->handler = codec_lookup_error(t, d->errors)))
        return false;
    Value e = make_error(t, &UnicodeDecodeError_type, d->encoding, d->input, start, end, reason);
    Value result = absent(e) ? NO_VALUE : call_1(t, d->handler, e);
    if (absent(result))
        return false;
    if (!is_tuple(result) || tuple_length(result) != 2 || !is_str(tuple_get(result, 0)) || !is_int(tuple_get(result, 1))) {
        raise_type_error(t, "decoding error handler must return (str, int) tuple");
        return false;
    }
    Value object = get_attribute_text(t, e, "object");
    if (absent(object))
        return false;
    if (!is_bytes(object)) {
        raise_type_error(t, "exception attribute object must be bytes");
        return false;
    }
    d->input = object;
    d->data = (const uint8_t *)as_bytes(object)->data;
    d->length = as_bytes(object)->length;
    return handler_position(t, tuple_get(result, 1), d->length, next) && str_builder_add(t, &d->out, tuple_get(result, 0));
}

bool decoder_error(Decoder *d, size_t start, size_t end, const char *reason, size_t *next) {
    *next = end;
    if (d->mode == ERRORS_IGNORE)
        return true;
    if (d->mode == ERRORS_REPLACE)
        return decoder_add(d, 0xfffd);
    if (d->mode == ERRORS_SURROGATEESCAPE && d->data[start] >= 0x80) {
        size_t i = start;
        for (; i < end && i < start + 4 && d->data[i] >= 0x80; i++) /* as many as the handler itself takes */
            if (!decoder_add(d, 0xdc00 + d->data[i]))
                return false;
        *next = i;
        return true;
    }
    if (absent(d->input)) {
        d->input = bytes_new(d->t, (const char *)d->data, d->length);
        if (absent(d->input))
            return false;
        d->data = (const uint8_t *)as_bytes(d->input)->data;
    }
    if (d->mode == ERRORS_OTHER)
        return call_decode_handler(d, start, end, reason, next);
    Value e = make_error(d->t, &UnicodeDecodeError_type, d->encoding, d->input, start, end, reason);
    if (present(e))
        raise_exception(d->t, e);
    return false;
}

bool encoder_init(Encoder *e, Thread *t, const char *encoding, const char *errors, Value str) {
    *e = (Encoder){.t = t, .encoding = encoding, .errors = errors, .mode = mode_of(errors), .str = str};
    textbuf_init(&e->out);
    return chars_of(t, str, &e->c);
}

Value encoder_raise(Encoder *e, size_t start, size_t end, const char *reason) {
    Value error = TRY(make_error(e->t, &UnicodeEncodeError_type, e->encoding, e->str, start, end, reason));
    return raise_exception(e->t, error);
}

static bool call_encode_handler(Encoder *e, size_t start, size_t end, const char *reason, Value *replacement, size_t *next) {
    Thread *t = e->t;
    if (absent(e->handler) && absent(e->handler = codec_lookup_error(t, e->errors)))
        return false;
    Value error = make_error(t, &UnicodeEncodeError_type, e->encoding, e->str, start, end, reason);
    Value result = absent(error) ? NO_VALUE : call_1(t, e->handler, error);
    if (absent(result))
        return false;
    if (!is_tuple(result) || tuple_length(result) != 2 || !is_int(tuple_get(result, 1)) ||
        (!is_str(tuple_get(result, 0)) && !is_bytes(tuple_get(result, 0)))) {
        raise_type_error(t, "encoding error handler must return (str/bytes, int) tuple");
        return false;
    }
    *replacement = tuple_get(result, 0);
    return handler_position(t, tuple_get(result, 1), e->c.length, next);
}

static void add_char_reference(TextBuf *out, uint32_t c) {
    char digits[10];
    int n = 0;
    do
        digits[n++] = (char)('0' + c % 10);
    while ((c /= 10) != 0);
    textbuf_append(out, "&#", 2);
    while (n > 0) textbuf_byte(out, digits[--n]);
    textbuf_byte(out, ';');
}

static void add_escape(TextBuf *out, uint32_t c) {
    textbuf_byte(out, '\\');
    textbuf_byte(out, c < 0x100 ? 'x' : c < 0x10000 ? 'u' : 'U');
    for (int shift = c < 0x100 ? 4 : c < 0x10000 ? 12 : 28; shift >= 0; shift -= 4)
        textbuf_byte(out, "0123456789abcdef"[c >> shift & 15]);
}

/* What takes the place of characters [start, end) in the two modes that spell them out in ASCII. */
static Value spelled_out(Encoder *e, size_t start, size_t end) {
    TextBuf text;
    textbuf_init(&text);
    for (size_t i = start; i < end; i++)
        (e->mode == ERRORS_XMLCHARREF ? add_char_reference : add_escape)(&text, chars_get(&e->c, i));
    Value result = text.failed ? raise_no_memory(e->t) : str_from_ascii(e->t, text.data, text.size);
    textbuf_free(&text);
    return result;
}

bool encoder_error(Encoder *e, size_t start, size_t end, const char *reason, Value *replacement, size_t *next) {
    *next = end;
    *replacement = empty_str;
    if (e->mode == ERRORS_IGNORE)
        return true;
    if (e->mode == ERRORS_REPLACE) {
        StrBuilder b = {0};
        if (!str_builder_fill(e->t, &b, '?', end - start))
            return false;
        *replacement = str_builder_finish(e->t, &b);
        return present(*replacement);
    }
    if (e->mode == ERRORS_SURROGATEESCAPE) {
        size_t i = start;
        while (i < end && chars_get(&e->c, i) >= 0xdc80 && chars_get(&e->c, i) <= 0xdcff) i++;
        if (i > start) { /* what follows is an error of its own */
            *next = i;
            *replacement = bytes_new(e->t, NULL, i - start);
            while (present(*replacement) && i-- > start)
                as_bytes(*replacement)->data[i - start] = (char)(chars_get(&e->c, i) - 0xdc00);
            return present(*replacement);
        }
    }
    if (e->mode > ERRORS_OTHER)
        return present(*replacement = spelled_out(e, start, end));
    if (e->mode == ERRORS_OTHER)
        return call_encode_handler(e, start, end, reason, replacement, next);
    encoder_raise(e, start, end, reason);
    return false;
}

Value encoder_finish(Encoder *e) {
    Value v = e->out.failed ? raise_no_memory(e->t) : bytes_new(e->t, e->out.data, e->out.size);
    textbuf_free(&e->out);
    return v;
}

Value encoder_fail(Encoder *e) {
    textbuf_free(&e->out);
    return NO_VALUE;
}
