/* UTF-7 (RFC 2152).
 *
 * Outside of shift sequences a byte is itself; '+' opens a sequence of base64 digits that hold UTF-16 units, any other
 * character closes it, a '-' being swallowed. "+-" is a plus sign.
 */
#include "object/errors.h"
#include "types/str/codecs.h"

static bool is_base64(uint8_t c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}
static unsigned from_base64(uint8_t c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26u : c >= '0' && c <= '9' ? c - '0' + 52u : c == '+' ? 62 : 63;
}
static const char to_base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

typedef struct Shift {
    bool on;
    size_t start;       /* of the '+' */
    size_t out_start;   /* length of the output before it */
    uint64_t buffer;
    unsigned bits;
    uint32_t high;      /* a high surrogate that waits for its partner */
} Shift;

/* Adds one UTF-16 unit. */
static bool add_unit(Decoder *d, Shift *s, uint32_t unit) {
    if (s->high) {
        if ((unit & 0xfc00) == 0xdc00) {
            uint32_t c = 0x10000 + ((s->high & 0x3ff) << 10 | (unit & 0x3ff));
            s->high = 0;
            return decoder_add(d, c);
        }
        if (!decoder_add(d, s->high))
            return false;
        s->high = 0;
    }
    if ((unit & 0xfc00) == 0xd800) {
        s->high = unit;
        return true;
    }
    return decoder_add(d, unit);
}

/* Ends a shift sequence at d->data[*i], which is not base64. */
static bool leave_shift(Decoder *d, Shift *s, size_t *i) {
    s->on = false;
    if (s->bits >= 6)
        return decoder_error(d, s->start, *i + 1, "partial character in base64 sequence", i);
    if (s->bits > 0 && (s->buffer & ((1u << s->bits) - 1)) != 0)
        return decoder_error(d, s->start, *i + 1, "non-zero padding bits in base64 sequence", i);
    uint8_t c = d->data[*i];
    if (s->high && c < 128 && !decoder_add(d, s->high))
        return false;
    s->high = 0;
    if (c == '-')
        ++*i;
    return true;
}

Value decode_utf7(Thread *t, const char *text, size_t n, const char *errors, size_t *consumed) {
    Decoder d;
    Shift s = {0};
    decoder_init(&d, t, "utf7", errors, text, n);
    size_t i = 0;
    while (i < d.length) {
        uint8_t c = d.data[i];
        if (s.on && is_base64(c)) {
            s.buffer = s.buffer << 6 | from_base64(c);
            s.bits += 6;
            i++;
            if (s.bits >= 16) {
                s.bits -= 16;
                CHECK(add_unit(&d, &s, (uint32_t)(s.buffer >> s.bits) & 0xffff));
                s.buffer &= (1u << s.bits) - 1;
            }
        } else if (s.on) {
            CHECK(leave_shift(&d, &s, &i));
        } else if (c == '+') {
            if (i + 1 < d.length && d.data[i + 1] == '-') {
                CHECK(decoder_add(&d, '+'));
                i += 2;
            } else if (i + 1 < d.length && !is_base64(d.data[i + 1])) {
                CHECK(decoder_error(&d, i, i + 2, "ill-formed sequence", &i));
            } else {
                s = (Shift){.on = true, .start = i, .out_start = d.out.length};
                i++;
            }
        } else if (c < 128) {
            CHECK(decoder_add(&d, c));
            i++;
        } else {
            CHECK(decoder_error(&d, i, i + 1, "unexpected special character", &i));
        }
        if (i == d.length && s.on && !consumed && (s.high || s.bits >= 6 || (s.bits > 0 && s.buffer))) {
            s.on = false;
            s.high = 0;
            CHECK(decoder_error(&d, s.start, d.length, "unterminated shift sequence", &i));
        }
    }
    if (consumed) {
        *consumed = d.length;
        if (s.on) { /* decoded again, from the '+', when more is known */
            *consumed = s.start;
            d.out.length = s.out_start;
        }
    }
    return str_builder_finish(t, &d.out);
}

static bool is_direct(uint32_t c) {
    return c < 128 && c != '+' && c != '~' && c != '\\' && (c >= ' ' || c == '\t' || c == '\n' || c == '\r') && c != 0x7f;
}

static void put_bits(TextBuf *b, uint64_t *buffer, unsigned *bits, uint32_t unit) {
    *buffer = *buffer << 16 | unit;
    *bits += 16;
    while (*bits >= 6) {
        *bits -= 6;
        textbuf_byte(b, to_base64[*buffer >> *bits & 63]);
    }
    *buffer &= (1u << *bits) - 1;
}

Value encode_utf7(Thread *t, Value v, const char *errors) {
    Encoder e;
    CHECK(encoder_init(&e, t, "utf7", errors, v));
    bool shifted = false;
    uint64_t buffer = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < e.c.length; i++) {
        uint32_t c = chars_get(&e.c, i);
        if (is_direct(c)) {
            if (shifted) {
                if (bits)
                    textbuf_byte(&e.out, to_base64[buffer << (6 - bits) & 63]);
                bits = 0;
                buffer = 0;
                shifted = false;
                if ((c < 128 && is_base64((uint8_t)c)) || c == '-')
                    textbuf_byte(&e.out, '-');
            }
            textbuf_byte(&e.out, (char)c);
            continue;
        }
        if (!shifted) {
            textbuf_byte(&e.out, '+');
            if (c == '+') {
                textbuf_byte(&e.out, '-');
                continue;
            }
            shifted = true;
        }
        if (c >= 0x10000) {
            put_bits(&e.out, &buffer, &bits, 0xd800 + ((c - 0x10000) >> 10));
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        put_bits(&e.out, &buffer, &bits, c);
    }
    if (bits)
        textbuf_byte(&e.out, to_base64[buffer << (6 - bits) & 63]);
    if (shifted)
        textbuf_byte(&e.out, '-');
    return encoder_finish(&e);
}
