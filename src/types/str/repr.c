/* repr() and ascii() of str, and the UTF-8 text that C code takes from one. */
#include "base/utf8.h"
#include "object/errors.h"
#include "object/operators.h"
#include "object/thread.h"
#include "types/bytes.h"
#include "types/str/str_layout.h"
#include "types/str/str_methods.h"
#include "types/str/unicode.h"

static bool add_escape(Thread *t, StrBuilder *b, uint32_t c) {
    static const char hex[] = "0123456789abcdef";
    char text[12] = "\\";
    int n = 1, digits;
    if (c == '\n' || c == '\r' || c == '\t') {
        text[n++] = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
        return str_builder_add_ascii(t, b, text, 2);
    }
    digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    text[n++] = c < 0x100 ? 'x' : c < 0x10000 ? 'u' : 'U';
    while (digits--) text[n++] = hex[c >> (4 * digits) & 15];
    return str_builder_add_ascii(t, b, text, (size_t)n);
}

/* Whether narrow text is all characters that stand for themselves between single quotes. */
static bool is_plain(const uint8_t *s, size_t length) {
    uint8_t special = 0;
    for (size_t i = 0; i < length; i++)
        special |= (s[i] < 0x20) | (s[i] >= 0x7f) | (s[i] == '\\') | (s[i] == '\'');
    return !special;
}

static bool add_quoted(Thread *t, StrBuilder *b, Chars c) {
    char *to = str_builder_reserve(t, b, c.length + 2, 0x7f);
    if (!to)
        return false;
    char_put(to, b->kind, 0, '\'');
    to = chars_write(to + b->kind, b->kind, c);
    char_put(to, b->kind, 0, '\'');
    b->length += c.length + 2;
    return true;
}

static bool add_escaped(Thread *t, StrBuilder *b, Value v, bool ascii_only) {
    Chars c;
    if (!chars_of(t, v, &c))
        return false;
    if (c.kind == 1 && is_plain(c.data, c.length))
        return add_quoted(t, b, c);
    uint32_t quote = chars_find_char(c, '\'') >= 0 && chars_find_char(c, '"') < 0 ? '"' : '\'';
    if (!str_builder_add_char(t, b, quote))
        return false;
    for (size_t i = 0; i < c.length;) {
        /* Copied in runs, between characters that need an escape. */
        size_t start = i;
        uint32_t ch = 0;
        for (; i < c.length; i++) {
            ch = chars_get(&c, i);
            if (ch < 0x80 ? ch < ' ' || ch == 0x7f || ch == '\\' || ch == quote
                          : ascii_only || !unicode_is(ch, UNICODE_PRINTABLE))
                break;
        }
        if (start < i && !str_builder_add_chars(t, b, chars_part(c, start, i)))
            return false;
        if (i == c.length)
            break;
        if (!(ch == '\\' || ch == quote ? str_builder_add_char(t, b, '\\') && str_builder_add_char(t, b, ch)
                                        : add_escape(t, b, ch)))
            return false;
        i++;
    }
    return str_builder_add_char(t, b, quote);
}

static Value escaped(Thread *t, Value v, bool ascii_only) {
    StrBuilder b = {0};
    CHECK(str_builder_reserve(t, &b, str_length(v) + 2, ascii_only ? 0x7f : str_max_char(v)));
    CHECK(add_escaped(t, &b, v, ascii_only));
    return str_builder_finish(t, &b);
}

static bool add_small_int(Thread *t, StrBuilder *b, int64_t i) {
    char text[24], *at = text + sizeof text;
    uint64_t left = i < 0 ? -(uint64_t)i : (uint64_t)i;
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (i < 0)
        *--at = '-';
    return str_builder_add_ascii(t, b, at, (size_t)(text + sizeof text - at));
}

bool str_builder_add_repr(Thread *t, StrBuilder *b, Value v) {
    if (is_small_int(v))
        return add_small_int(t, b, small_int_value(v));
    if (is_exactly(v, &str_type))
        return add_escaped(t, b, v, false);
    Value text = repr(t, v);
    return present(text) && str_builder_add(t, b, text);
}

Value str_repr(Thread *t, Value v) { return escaped(t, v, false); }
Value str_ascii_repr(Thread *t, Value v) { return escaped(t, v, true); }

const char *str_utf8(Thread *t, Value v, size_t *length) {
    if (str_is_ascii(v)) {
        const char *data = str_data(t, v);
        if (data && str_seal(v)) {
            if (length)
                *length = str_length(v);
            return data;
        }
        if (!data)
            return NULL;
    }
    Value bytes = str_encode(t, v, "utf-8", NULL);
    if (absent(bytes))
        return NULL;
    if (length)
        *length = as_bytes(bytes)->length;
    return as_bytes(bytes)->data;
}

const char *str_filesystem(Thread *t, Value v, size_t *length) {
    size_t size;
    const char *text;
    if (str_is_ascii(v)) {
        text = str_utf8(t, v, &size);
    } else {
        Value bytes = str_encode(t, v, "utf-8", "surrogateescape");
        text = absent(bytes) ? NULL : as_bytes(bytes)->data;
        size = text ? as_bytes(bytes)->length : 0;
    }
    if (!text)
        return NULL;
    if (memchr(text, 0, size)) {
        raise_value_error(t, "embedded null character");
        return NULL;
    }
    if (length)
        *length = size;
    return text;
}
