/* UTF-16 and UTF-32. */
#include "base/byte_order.h"
#include "object/errors.h"
#include "types/bytes.h"
#include "types/str/codecs.h"

static const bool machine_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

#define SPECIALIZED [[clang::always_inline]] static inline /* widths, kinds and order are constants in it */

SPECIALIZED uint32_t read_unit(const uint8_t *s, int width, bool big) {
    uint32_t c;
    if (width == 2)
        c = get_le16(s);
    else
        c = get_le32(s);
    return !big ? c : width == 2 ? __builtin_bswap16((uint16_t)c) : __builtin_bswap32(c);
}

/* Takes the mark at the start when no order was given; the offset behind it. */
static size_t byte_order_mark(const uint8_t *s, size_t n, int width, int *order) {
    if (*order || n < (size_t)width)
        return 0;
    bool little = read_unit(s, width, false) == 0xfeff, big = read_unit(s, width, true) == 0xfeff;
    *order = little ? -1 : big ? 1 : 0;
    return little || big ? (size_t)width : 0;
}

static const char *name_for(int width, int order) {
    if (width == 2)
        return order < 0 ? "utf-16-le" : order > 0 ? "utf-16-be" : "utf-16";
    return order < 0 ? "utf-32-le" : order > 0 ? "utf-32-be" : "utf-32";
}

/* The number of units before the first that starts no character by itself: all but surrogates and what is too large. */
SPECIALIZED size_t plain_units(const uint8_t *s, size_t n, int width, bool big, uint32_t *max) {
    uint32_t seen = 0;
    size_t i = 0;
    for (uint32_t c; i < n; i++, seen |= c) {
        c = read_unit(s + i * (size_t)width, width, big);
        if ((c & 0xfffff800) == 0xd800 || c >= 0x110000)
            break;
    }
    *max = seen < 0x110000 ? seen : 0x10ffff;
    return i;
}

SPECIALIZED void take_units(void *to, int kind, const uint8_t *s, size_t n, int width, bool big) {
    for (size_t i = 0; i < n; i++) char_put(to, kind, i, read_unit(s + i * (size_t)width, width, big));
}

/* Adds the plain units at the start of s; their number, or SIZE_MAX. */
SPECIALIZED size_t add_plain_in(Decoder *d, const uint8_t *s, size_t n, int width, bool big) {
    uint32_t max;
    size_t count = plain_units(s, n, width, big, &max);
    void *to = count ? str_builder_reserve(d->t, &d->out, count, max) : NULL;
    if (!to)
        return count ? SIZE_MAX : 0;
    if (d->out.kind == 1)
        take_units(to, 1, s, count, width, big);
    else if (d->out.kind == 2)
        take_units(to, 2, s, count, width, big);
    else
        take_units(to, 4, s, count, width, big);
    d->out.length += count;
    return count;
}

static size_t add_plain(Decoder *d, size_t at, int width, bool big) {
    const uint8_t *s = d->data + at;
    size_t n = (d->length - at) / (size_t)width;
    if (big)
        return width == 2 ? add_plain_in(d, s, n, 2, true) : add_plain_in(d, s, n, 4, true);
    return width == 2 ? add_plain_in(d, s, n, 2, false) : add_plain_in(d, s, n, 4, false);
}

/* The widest character that well-formed UTF-16 can hold: a buffer that never has to get wider is not copied. */
SPECIALIZED uint32_t widest_in(const uint8_t *s, size_t units, bool big) {
    uint32_t seen = 0, surrogates = 0;
    for (size_t i = 0; i < units; i++) {
        uint32_t c = read_unit(s + i * 2, 2, big);
        seen |= c;
        surrogates += (c & 0xf800) == 0xd800;
    }
    return surrogates ? 0x10ffff : seen;
}

static Value decode_finish(Decoder *d, size_t at, size_t *consumed) {
    if (consumed)
        *consumed = at;
    return str_builder_finish(d->t, &d->out);
}

Value decode_utf16(Thread *t, const char *s, size_t n, const char *errors, int *byte_order, size_t *consumed) {
    Decoder d;
    decoder_init(&d, t, name_for(2, *byte_order), errors, s, n);
    size_t i = byte_order_mark(d.data, n, 2, byte_order);
    bool big = *byte_order ? *byte_order > 0 : machine_big;
    d.encoding = name_for(2, *byte_order ? *byte_order : machine_big ? 1 : -1);
    size_t units = (n - i) / 2;
    uint32_t widest = big ? widest_in(d.data + i, units, true) : widest_in(d.data + i, units, false);
    CHECK(n < 2 || str_builder_reserve(t, &d.out, units, widest));
    while (i < d.length) {
        size_t left = d.length - i;
        const char *reason;
        size_t bad = 2;
        if (left < 2) {
            if (consumed)
                break;
            reason = "truncated data";
            bad = left;
        } else {
            size_t plain = add_plain(&d, i, 2, big);
            CHECK(plain != SIZE_MAX);
            i += 2 * plain;
            if (plain)
                continue;
            uint32_t c = read_unit(d.data + i, 2, big);
            uint32_t low = left >= 4 ? read_unit(d.data + i + 2, 2, big) : 0;
            if (c >= 0xdc00) {
                reason = "illegal encoding";
            } else if (left < 4) {
                if (consumed)
                    break;
                reason = "unexpected end of data";
                bad = left;
            } else if ((low & 0xfc00) == 0xdc00) {
                CHECK(decoder_add(&d, 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff))));
                i += 4;
                continue;
            } else {
                reason = "illegal UTF-16 surrogate";
            }
        }
        CHECK(decoder_error(&d, i, i + bad, reason, &i));
    }
    return decode_finish(&d, i, consumed);
}

Value decode_utf32(Thread *t, const char *s, size_t n, const char *errors, int *byte_order, size_t *consumed) {
    Decoder d;
    decoder_init(&d, t, name_for(4, *byte_order), errors, s, n);
    size_t i = byte_order_mark(d.data, n, 4, byte_order);
    bool big = *byte_order ? *byte_order > 0 : machine_big;
    d.encoding = name_for(4, *byte_order ? *byte_order : machine_big ? 1 : -1);
    while (i < d.length) {
        size_t left = d.length - i;
        if (left < 4) {
            if (consumed)
                break;
            CHECK(decoder_error(&d, i, d.length, "truncated data", &i));
            continue;
        }
        size_t plain = add_plain(&d, i, 4, big);
        CHECK(plain != SIZE_MAX);
        i += 4 * plain;
        if (plain)
            continue;
        uint32_t c = read_unit(d.data + i, 4, big);
        const char *reason = c < 0x110000 ? "code point in surrogate code point range(0xd800, 0xe000)"
                                          : "code point not in range(0x110000)";
        CHECK(decoder_error(&d, i, i + 4, reason, &i));
    }
    return decode_finish(&d, i, consumed);
}

static void put_unit(TextBuf *b, uint32_t c, int width, bool big) {
    char bytes[4];
    for (int k = 0; k < width; k++) bytes[big ? width - 1 - k : k] = (char)(c >> (8 * k));
    textbuf_append(b, bytes, (size_t)width);
}

static void put_char(TextBuf *b, uint32_t c, int width, bool big) {
    if (width == 2 && c >= 0x10000) {
        put_unit(b, 0xd800 + ((c - 0x10000) >> 10), 2, big);
        put_unit(b, 0xdc00 + ((c - 0x10000) & 0x3ff), 2, big);
    } else {
        put_unit(b, c, width, big);
    }
}

static bool is_surrogate(uint32_t c) { return (c & 0xfffff800) == 0xd800; }

static bool put_replacement(Encoder *e, Value replacement, size_t start, size_t end, int width, bool big) {
    static const char reason[] = "surrogates not allowed";
    if (is_bytes(replacement)) {
        if (as_bytes(replacement)->length % (size_t)width) {
            encoder_raise(e, start, end, reason);
            return false;
        }
        textbuf_append(&e->out, as_bytes(replacement)->data, as_bytes(replacement)->length);
        return true;
    }
    Chars r;
    if (!str_is_ascii(replacement)) {
        encoder_raise(e, start, end, reason);
        return false;
    }
    if (!chars_of(e->t, replacement, &r))
        return false;
    for (size_t k = 0; k < r.length; k++) {
        put_char(&e->out, chars_get(&r, k), width, big);
    }
    return true;
}

/* Bytes that all of c takes, or 0 if a surrogate is in it. */
SPECIALIZED size_t encoded_size_in(const void *data, int kind, size_t n, int width) {
    size_t pairs = 0, surrogates = 0;
    for (size_t i = 0; kind > 1 && i < n; i++) {
        uint32_t c = str_char(data, kind, i);
        pairs += c >= 0x10000;
        surrogates += is_surrogate(c);
    }
    return surrogates ? 0 : n * (size_t)width + (width == 2 ? 2 * pairs : 0);
}

SPECIALIZED uint8_t *write_unit(uint8_t *to, uint32_t c, int width, bool big) {
    if (width == 2)
        put_le16(to, big ? __builtin_bswap16((uint16_t)c) : (uint16_t)c);
    else
        put_le32(to, big ? __builtin_bswap32(c) : c);
    return to + width;
}

SPECIALIZED void encode_in(uint8_t *to, const void *data, int kind, size_t n, int width, bool big) {
    for (size_t i = 0; i < n; i++) {
        uint32_t c = str_char(data, kind, i);
        if (kind == 4 && width == 2 && c >= 0x10000) {
            to = write_unit(to, 0xd800 + ((c - 0x10000) >> 10), 2, big);
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        to = write_unit(to, c, width, big);
    }
}

SPECIALIZED void encode_kinds(uint8_t *to, const Chars *c, int width, bool big) {
    if (c->kind == 1)
        encode_in(to, c->data, 1, c->length, width, big);
    else if (c->kind == 2)
        encode_in(to, c->data, 2, c->length, width, big);
    else
        encode_in(to, c->data, 4, c->length, width, big);
}

/* Text without surrogates, which takes `size` bytes. */
static Value encode_sound(Thread *t, const Chars *c, size_t size, int width, bool big, bool mark) {
    Value bytes = TRY(bytes_new(t, NULL, size + (mark ? (size_t)width : 0)));
    uint8_t *to = (uint8_t *)as_bytes(bytes)->data;
    if (mark)
        to = width == 2 ? write_unit(to, 0xfeff, 2, big) : write_unit(to, 0xfeff, 4, big);
    if (width == 2 && !big)
        encode_kinds(to, c, 2, false);
    else if (width == 2)
        encode_kinds(to, c, 2, true);
    else if (!big)
        encode_kinds(to, c, 4, false);
    else
        encode_kinds(to, c, 4, true);
    return bytes;
}

static Value encode_wide(Thread *t, Value v, const char *errors, int byte_order, int width) {
    Encoder e;
    CHECK(encoder_init(&e, t, name_for(width, byte_order), errors, v));
    bool big = byte_order ? byte_order > 0 : machine_big;
    size_t size = e.c.kind == 1   ? encoded_size_in(e.c.data, 1, e.c.length, width)
                  : e.c.kind == 2 ? encoded_size_in(e.c.data, 2, e.c.length, width)
                                  : encoded_size_in(e.c.data, 4, e.c.length, width);
    if (size || e.c.length == 0)
        return encode_sound(t, &e.c, size, width, big, byte_order == 0);
    if (byte_order == 0)
        put_unit(&e.out, 0xfeff, width, big);
    for (size_t i = 0; i < e.c.length;) {
        uint32_t c = chars_get(&e.c, i);
        if (!is_surrogate(c)) {
            put_char(&e.out, c, width, big);
            i++;
            continue;
        }
        size_t start = i, end = i + 1;
        Value replacement;
        if (!encoder_error(&e, start, end, "surrogates not allowed", &replacement, &i) ||
            !put_replacement(&e, replacement, start, end, width, big))
            return encoder_fail(&e);
    }
    return encoder_finish(&e);
}

Value encode_utf16(Thread *t, Value v, const char *errors, int byte_order) { return encode_wide(t, v, errors, byte_order, 2); }
Value encode_utf32(Thread *t, Value v, const char *errors, int byte_order) { return encode_wide(t, v, errors, byte_order, 4); }
