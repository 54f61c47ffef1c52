/* UTF-8, ASCII and Latin-1. */
#include "base/utf8.h"
#include "object/errors.h"
#include "types/bytes.h"
#include "types/str/codecs.h"

/* Adds the valid UTF-8 text s[0, scan.valid) to the decoder's output. */
static bool add_valid(Decoder *d, const uint8_t *s, Utf8Scan scan) {
    if (scan.valid == 0)
        return true;
    void *to = str_builder_reserve(d->t, &d->out, scan.length, scan.max);
    if (!to)
        return false;
    if (d->out.kind == 1)
        utf8_decode_1(to, s, scan.valid);
    else if (d->out.kind == 2)
        utf8_decode_2(to, s, scan.valid);
    else
        utf8_decode_4(to, s, scan.valid);
    d->out.length += scan.length;
    return true;
}

Value decode_utf8(Thread *t, const char *s, size_t n, const char *errors, size_t *consumed) {
    if (consumed)
        *consumed = n;
    if (ascii_prefix((const uint8_t *)s, n) == n)
        return str_from_ascii(t, s, n);
    Utf8Scan scan = utf8_scan((const uint8_t *)s, n);
    if (scan.valid == n)
        return str_from_scanned(t, s, n, &scan);
    Decoder d;
    decoder_init(&d, t, "utf-8", errors, s, n);
    for (size_t i = 0; i < d.length;) {
        scan = utf8_scan(d.data + i, d.length - i);
        CHECK(add_valid(&d, d.data + i, scan));
        i += scan.valid;
        if (i == d.length)
            break;
        Utf8Error error = utf8_error(d.data + i, d.length - i);
        const uint8_t *rest = d.data + i;
        bool half_surrogate = d.length - i == 2 && rest[0] == 0xed && rest[1] >= 0xa0 && rest[1] <= 0xbf;
        if ((error.incomplete || half_surrogate) && consumed) { /* a handler may take the whole surrogate */
            *consumed = i;
            break;
        }
        CHECK(decoder_error(&d, i, i + error.size, error.reason, &i));
    }
    return str_builder_finish(t, &d.out);
}

/* The first character from i on that is (or, with !surrogate, is not) a surrogate. */
static size_t skip_surrogates(const Chars *c, size_t i) {
    while (i < c->length && (chars_get(c, i) & 0xfffff800) == 0xd800) i++;
    return i;
}

static bool add_encoded(Encoder *e, Chars part) {
    size_t end = part.length;
    size_t size = part.kind == 1   ? utf8_size_1(part.data, part.length)
                  : part.kind == 2 ? utf8_size_2(part.data, part.length, &end)
                                   : utf8_size_4(part.data, part.length, &end);
    uint8_t *to = (uint8_t *)textbuf_reserve(&e->out, size);
    if (!to)
        return false;
    if (part.kind == 1)
        utf8_encode_1(to, part.data, end);
    else if (part.kind == 2)
        utf8_encode_2(to, part.data, end);
    else
        utf8_encode_4(to, part.data, end);
    e->out.size += size;
    return true;
}

static size_t next_surrogate(const Chars *c, size_t i) {
    size_t end = c->length;
    Chars rest = chars_part(*c, i, c->length);
    if (c->kind == 2)
        utf8_size_2(rest.data, rest.length, &end);
    else if (c->kind == 4)
        utf8_size_4(rest.data, rest.length, &end);
    else
        return c->length;
    return i + end;
}

/* Adds a handler's replacement where only ASCII text can be taken as it is. */
static bool add_replacement(Encoder *e, Value replacement, size_t start, size_t end, const char *reason) {
    if (is_bytes(replacement)) {
        textbuf_append(&e->out, as_bytes(replacement)->data, as_bytes(replacement)->length);
        return true;
    }
    if (!str_is_ascii(replacement)) {
        encoder_raise(e, start, end, reason);
        return false;
    }
    const void *data = str_data(e->t, replacement);
    if (data)
        textbuf_append(&e->out, data, str_length(replacement));
    return data != NULL;
}

Value encode_utf8(Thread *t, Value v, const char *errors) {
    if (str_is_ascii(v)) {
        const char *data = str_data(t, v);
        return data ? bytes_new(t, data, str_length(v)) : NO_VALUE;
    }
    Encoder e;
    CHECK(encoder_init(&e, t, "utf-8", errors, v));
    size_t sound = e.c.length, size = e.c.kind == 1   ? utf8_size_1(e.c.data, e.c.length)
                                      : e.c.kind == 2 ? utf8_size_2(e.c.data, e.c.length, &sound)
                                                      : utf8_size_4(e.c.data, e.c.length, &sound);
    if (sound == e.c.length) {
        Value bytes = TRY(bytes_new(t, NULL, size));
        uint8_t *to = (uint8_t *)as_bytes(bytes)->data;
        if (e.c.kind == 1)
            utf8_encode_1(to, e.c.data, e.c.length);
        else if (e.c.kind == 2)
            utf8_encode_2(to, e.c.data, e.c.length);
        else
            utf8_encode_4(to, e.c.data, e.c.length);
        return bytes;
    }
    for (size_t i = 0; i < e.c.length;) {
        size_t start = next_surrogate(&e.c, i);
        if (start > i && !add_encoded(&e, chars_part(e.c, i, start)))
            break;
        if (start == e.c.length)
            break;
        size_t end = skip_surrogates(&e.c, start);
        Value replacement;
        static const char reason[] = "surrogates not allowed";
        if (!encoder_error(&e, start, end, reason, &replacement, &i) || !add_replacement(&e, replacement, start, end, reason))
            return encoder_fail(&e);
    }
    return encoder_finish(&e);
}

/* ASCII and Latin-1 */

Value decode_latin1(Thread *t, const char *s, size_t n, const char *errors) { return str_from_chars(t, s, 1, n); }

Value decode_ascii(Thread *t, const char *s, size_t n, const char *errors) {
    if (ascii_prefix((const uint8_t *)s, n) == n)
        return str_from_ascii(t, s, n);
    Decoder d;
    decoder_init(&d, t, "ascii", errors, s, n);
    for (size_t i = 0; i < d.length;) {
        size_t run = ascii_prefix(d.data + i, d.length - i);
        CHECK(run == 0 || str_builder_add_ascii(t, &d.out, (const char *)d.data + i, run));
        i += run;
        if (i < d.length)
            CHECK(decoder_error(&d, i, i + 1, "ordinal not in range(128)", &i));
    }
    return str_builder_finish(t, &d.out);
}

/* Adds characters [start, end), which fit into bytes. */
static void add_narrow(Encoder *e, size_t start, size_t end) {
    char *to = textbuf_reserve(&e->out, end - start);
    if (!to)
        return;
    for (size_t i = start; i < end; i++) *to++ = (char)chars_get(&e->c, i);
    e->out.size += end - start;
}

static Value encode_narrow(Thread *t, Value v, const char *errors, const char *encoding, uint32_t limit, const char *reason) {
    Encoder e;
    CHECK(encoder_init(&e, t, encoding, errors, v));
    if (str_max_char(v) < limit)
        return bytes_new(t, e.c.data, e.c.length);
    for (size_t i = 0; i < e.c.length;) {
        size_t start = i;
        while (start < e.c.length && chars_get(&e.c, start) < limit) start++;
        add_narrow(&e, i, start);
        if (start == e.c.length)
            break;
        size_t end = start + 1;
        while (end < e.c.length && chars_get(&e.c, end) >= limit) end++;
        Value replacement;
        if (!encoder_error(&e, start, end, reason, &replacement, &i))
            return encoder_fail(&e);
        if (is_bytes(replacement)) {
            textbuf_append(&e.out, as_bytes(replacement)->data, as_bytes(replacement)->length);
            continue;
        }
        Chars r;
        if (!chars_of(t, replacement, &r))
            return encoder_fail(&e);
        if (str_is_ascii(replacement)) {
            textbuf_append(&e.out, r.data, r.length);
            continue;
        }
        for (size_t k = 0; k < r.length; k++) {
            if (chars_get(&r, k) >= limit) {
                encoder_raise(&e, start, end, reason);
                return encoder_fail(&e);
            }
            textbuf_byte(&e.out, (char)chars_get(&r, k));
        }
    }
    return encoder_finish(&e);
}

Value encode_latin1(Thread *t, Value v, const char *errors) {
    return encode_narrow(t, v, errors, "latin-1", 256, "ordinal not in range(256)");
}
Value encode_ascii(Thread *t, Value v, const char *errors) {
    return encode_narrow(t, v, errors, "ascii", 128, "ordinal not in range(128)");
}
