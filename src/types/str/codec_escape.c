/* unicode_escape, raw_unicode_escape, and the escapes of bytes literals. */
#include "object/errors.h"
#include "types/bytes.h"
#include "types/str/codecs.h"

static int hex_value(uint8_t c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Up to `count` hexadecimal digits at *i; how many there were. */
static int read_hex(const Decoder *d, size_t *i, int count, uint32_t *out) {
    *out = 0;
    for (int n = 0; n < count; n++, ++*i) {
        int digit = *i < d->length ? hex_value(d->data[*i]) : -1;
        if (digit < 0)
            return n;
        *out = *out << 4 | (uint32_t)digit;
    }
    return count;
}

typedef struct Escape {
    uint32_t c;
    const char *error; /* NULL: fine */
    bool incomplete;   /* more input could complete it */
    bool literal;      /* not an escape: stays as it is */
    bool nothing;      /* a line continued: stands for nothing */
} Escape;

static Escape read_name(const Decoder *d, size_t *i) {
    Escape e = {.error = "malformed \\N character escape"};
    if (*i >= d->length) {
        e.incomplete = true;
        return e;
    }
    if (d->data[*i] != '{')
        return e;
    size_t start = ++*i;
    while (*i < d->length && d->data[*i] != '}') ++*i;
    if (*i >= d->length) {
        e.incomplete = true;
        return e;
    }
    if (*i == start) {
        return e;
    }
    uint32_t c = unicode_code_from_name((const char *)d->data + start, *i - start);
    ++*i;
    if (c > 0x10ffff)
        return (Escape){.error = "unknown Unicode character name"};
    return (Escape){.c = c};
}

/* Reads the escape behind the backslash at *i - 1; *i ends behind it. */
static Escape read_escape(Decoder *d, size_t *i) {
    if (*i >= d->length)
        return (Escape){.error = "\\ at end of string", .incomplete = true};
    uint8_t letter = d->data[(*i)++];
    if (letter == '\n')
        return (Escape){.nothing = true};
    static const char letters[] = "abfnrtv\\'\"", values[] = "\a\b\f\n\r\t\v\\'\"";
    const char *simple = letter ? strchr(letters, letter) : NULL;
    if (simple)
        return (Escape){.c = (uint8_t)values[simple - letters]};
    if (letter >= '0' && letter <= '7') {
        uint32_t c = letter - '0';
        for (int n = 0; n < 2 && *i < d->length && d->data[*i] >= '0' && d->data[*i] <= '7'; n++)
            c = c * 8 + (d->data[(*i)++] - '0');
        return (Escape){.c = c};
    }
    int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (digits) {
        uint32_t c;
        int got = read_hex(d, i, digits, &c);
        const char *truncated = digits == 2 ? "truncated \\xXX escape" : digits == 4 ? "truncated \\uXXXX escape"
                                                                                  : "truncated \\UXXXXXXXX escape";
        if (got < digits)
            return (Escape){.error = truncated, .incomplete = *i >= d->length};
        if (c > 0x10ffff)
            return (Escape){.error = "illegal Unicode character"};
        return (Escape){.c = c};
    }
    if (letter == 'N')
        return read_name(d, i);
    return (Escape){.literal = true};
}

Value decode_unicode_escape(Thread *t, const char *s, size_t n, const char *errors, size_t *consumed, int64_t *first_invalid) {
    Decoder d;
    decoder_init(&d, t, "unicodeescape", errors, s, n);
    if (first_invalid)
        *first_invalid = -1;
    size_t i = 0;
    while (i < d.length) {
        uint8_t byte = d.data[i];
        if (byte != '\\') {
            CHECK(decoder_add(&d, byte));
            i++;
            continue;
        }
        size_t start = i++;
        Escape e = read_escape(&d, &i);
        if (e.nothing)
            continue;
        if (e.literal) {
            if (first_invalid && *first_invalid < 0)
                *first_invalid = d.data[i - 1];
            CHECK(decoder_add(&d, '\\') && decoder_add(&d, d.data[i - 1]));
        } else if (!e.error) {
            if (e.c > 0xff && d.data[start + 1] >= '4' && d.data[start + 1] <= '7' && first_invalid && *first_invalid < 0)
                *first_invalid = 0x100 + e.c; /* an octal escape past \377 */
            CHECK(decoder_add(&d, e.c));
        } else if (e.incomplete && consumed) {
            i = start;
            break;
        } else {
            CHECK(decoder_error(&d, start, i, e.error, &i));
        }
    }
    if (consumed)
        *consumed = i;
    return str_builder_finish(t, &d.out);
}

Value decode_raw_unicode_escape(Thread *t, const char *s, size_t n, const char *errors, size_t *consumed) {
    Decoder d;
    decoder_init(&d, t, "rawunicodeescape", errors, s, n);
    size_t i = 0;
    while (i < d.length) {
        uint8_t byte = d.data[i];
        if (byte != '\\' || (i + 1 == d.length && !consumed)) {
            CHECK(decoder_add(&d, byte));
            i++;
            continue;
        }
        size_t start = i++;
        if (i == d.length) { /* more may come */
            i = start;
            break;
        }
        uint8_t letter = d.data[i++];
        if (letter != 'u' && letter != 'U') {
            CHECK(decoder_add(&d, '\\') && decoder_add(&d, letter));
            continue;
        }
        uint32_t c;
        int digits = letter == 'u' ? 4 : 8, got = read_hex(&d, &i, digits, &c);
        if (got == digits && c <= 0x10ffff) {
            CHECK(decoder_add(&d, c));
            continue;
        }
        if (got < digits && i >= d.length && consumed) {
            i = start;
            break;
        }
        const char *reason = got == digits ? "\\Uxxxxxxxx out of range"
                             : digits == 4 ? "truncated \\uXXXX escape"
                                           : "truncated \\UXXXXXXXX escape";
        CHECK(decoder_error(&d, start, i, reason, &i));
    }
    if (consumed)
        *consumed = i;
    return str_builder_finish(t, &d.out);
}

static void put_escape(TextBuf *b, uint32_t c) {
    textbuf_format(b, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
}

static Value finish(Thread *t, TextBuf *b) {
    Value v = b->failed ? raise_no_memory(t) : bytes_new(t, b->data, b->size);
    textbuf_free(b);
    return v;
}

Value encode_unicode_escape(Thread *t, Value v) {
    Chars c;
    CHECK(chars_of(t, v, &c));
    TextBuf b;
    textbuf_init(&b);
    for (size_t i = 0; i < c.length; i++) {
        uint32_t ch = chars_get(&c, i);
        if (ch == '\\')
            textbuf_append(&b, "\\\\", 2);
        else if (ch == '\t' || ch == '\n' || ch == '\r')
            textbuf_append(&b, ch == '\t' ? "\\t" : ch == '\n' ? "\\n" : "\\r", 2);
        else if (ch >= ' ' && ch < 0x7f)
            textbuf_byte(&b, (char)ch);
        else
            put_escape(&b, ch);
    }
    return finish(t, &b);
}

Value encode_raw_unicode_escape(Thread *t, Value v) {
    Chars c;
    CHECK(chars_of(t, v, &c));
    TextBuf b;
    textbuf_init(&b);
    for (size_t i = 0; i < c.length; i++) {
        uint32_t ch = chars_get(&c, i);
        if (ch < 0x100)
            textbuf_byte(&b, (char)ch);
        else
            put_escape(&b, ch);
    }
    return finish(t, &b);
}

/* Handles a bad \x escape at `start`. False: ValueError. */
static bool bad_hex(Thread *t, TextBuf *b, const char *errors, size_t start) {
    if (!errors || strcmp(errors, "strict") == 0) {
        raise_value_error(t, "invalid \\x escape at position %zd", start);
        return false;
    }
    if (strcmp(errors, "replace") == 0) {
        textbuf_byte(b, '?');
    } else if (strcmp(errors, "ignore") != 0) {
        raise_value_error(t, "decoding error; unknown error handling code: %s", errors);
        return false;
    }
    return true;
}

Value decode_bytes_escape(Thread *t, const char *s, size_t n, const char *errors, int64_t *first_invalid) {
    Decoder d;
    decoder_init(&d, t, "", NULL, s, n);
    TextBuf b;
    textbuf_init(&b);
    bool ok = true;
    if (first_invalid)
        *first_invalid = -1;
    for (size_t i = 0; i < n && ok;) {
        if (s[i] != '\\') {
            textbuf_byte(&b, s[i++]);
            continue;
        }
        size_t start = i++;
        uint8_t letter = i < n ? (uint8_t)s[i] : 0;
        if (i == n) {
            raise_value_error(t, "Trailing \\ in string");
            ok = false;
        } else if (letter == '\n') {
            i++;
        } else if (letter == 'x') {
            uint32_t c;
            i++;
            if (read_hex(&d, &i, 2, &c) == 2) {
                textbuf_byte(&b, (char)c);
            } else {
                ok = bad_hex(t, &b, errors, start);
            }
        } else if (letter == 'u' || letter == 'U' || letter == 'N') {
            if (first_invalid && *first_invalid < 0)
                *first_invalid = letter;
            textbuf_byte(&b, '\\'); /* the letter follows as itself */
        } else {
            Escape e = read_escape(&d, &i);
            if (first_invalid && *first_invalid < 0 && (e.literal || e.c > 0xff))
                *first_invalid = e.literal ? letter : 0x100 + e.c;
            if (e.literal) {
                textbuf_byte(&b, '\\');
                textbuf_byte(&b, (char)letter);
            } else {
                textbuf_byte(&b, (char)e.c);
            }
        }
    }
    if (!ok) {
        textbuf_free(&b);
        return NO_VALUE;
    }
    return finish(t, &b);
}
