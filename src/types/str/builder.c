/* StrBuilder: a str under construction.
 *
 * `buffer` is a str whose length is not set yet; it is replaced by a larger or wider copy when it fills up. A builder
 * belongs to one thread and must live on its C stack, where the collector finds the buffer.
 */
#include "base/utf8.h"
#include "object/errors.h"
#include "types/str/str_layout.h"

static void *buffer_data(const StrBuilder *b) { return as_str(b->buffer)->data; }

void *str_builder_reserve(Thread *t, StrBuilder *b, size_t count, uint32_t max_char) {
    if (max_char > b->max_char)
        b->max_char = max_char;
    int kind = kind_for(max_char);
    if (likely(present(b->buffer) && kind <= b->kind && b->capacity - b->length >= count))
        return (char *)buffer_data(b) + b->length * (size_t)b->kind;
    if (kind < b->kind)
        kind = b->kind;
    size_t needed = b->length + count, capacity = needed;
    if (present(b->buffer))
        capacity += needed / 2 + 16; /* a first request is often the only one */
    static const uint32_t top[] = {0, 0x7f, 0xffff, 0, 0x10ffff};
    void *data;
    Value grown = str_new(t, capacity ? capacity : 1, top[kind], &data);
    if (absent(grown))
        return NULL;
    if (b->length)
        chars_copy(data, kind, buffer_data(b), b->kind, b->length);
    b->buffer = grown;
    b->capacity = capacity ? capacity : 1;
    b->kind = kind;
    return (char *)data + b->length * (size_t)kind;
}

bool str_builder_add_chars(Thread *t, StrBuilder *b, Chars chars) {
    void *to = str_builder_reserve(t, b, chars.length, chars_max(chars.data, chars.kind, chars.length));
    if (!to)
        return false;
    chars_copy(to, b->kind, chars.data, chars.kind, chars.length);
    b->length += chars.length;
    return true;
}

bool str_builder_add(Thread *t, StrBuilder *b, Value str) {
    Chars c;
    if (!chars_of(t, str, &c))
        return false;
    void *to = str_builder_reserve(t, b, c.length, c.length ? str_max_char(str) : 0);
    if (!to)
        return false;
    chars_write(to, b->kind, c);
    b->length += c.length;
    return true;
}

bool str_builder_add_slice(Thread *t, StrBuilder *b, Value str, size_t start, size_t end) {
    Chars c;
    return chars_of(t, str, &c) && (start >= end || str_builder_add_chars(t, b, chars_part(c, start, end)));
}

bool str_builder_add_char(Thread *t, StrBuilder *b, uint32_t c) {
    void *to = str_builder_reserve(t, b, 1, c);
    if (!to)
        return false;
    char_put(to, b->kind, 0, c);
    b->length++;
    return true;
}

bool str_builder_fill(Thread *t, StrBuilder *b, uint32_t c, size_t count) {
    if (count == 0)
        return true;
    void *to = str_builder_reserve(t, b, count, c);
    if (!to)
        return false;
    chars_fill(to, b->kind, c, count);
    b->length += count;
    return true;
}

bool str_builder_add_ascii(Thread *t, StrBuilder *b, const char *text, size_t length) {
    void *to = str_builder_reserve(t, b, length, 0x7f);
    if (!to)
        return false;
    chars_write(to, b->kind, (Chars){text, length, 1});
    b->length += length;
    return true;
}

bool str_builder_add_text(Thread *t, StrBuilder *b, const char *utf8) {
    size_t length = strlen(utf8);
    if (likely(ascii_prefix((const uint8_t *)utf8, length) == length))
        return str_builder_add_ascii(t, b, utf8, length);
    Value v = str_from_utf8(t, utf8, length);
    return present(v) && str_builder_add(t, b, v);
}

Value str_builder_finish(Thread *t, StrBuilder *b) {
    if (absent(b->buffer) || b->length == 0)
        return empty_str;
    void *data = buffer_data(b);
    /* What was asked for may have been wider than what came. */
    uint32_t max = b->max_char < 0x80 ? 0x7f : chars_max(data, b->kind, b->length);
    if (b->length == 1 && max < 0x100)
        return str_from_char(t, str_char(data, b->kind, 0));
    if (b->kind == 1 && max == 0x7f && b->capacity - b->length > b->length / 4 + 16)
        return str_from_ascii(t, data, b->length);
    if (kind_for(max) != b->kind || b->capacity - b->length > b->length / 4 + 16)
        return str_from_part(t, (Chars){data, b->length, b->kind});
    as_str(b->buffer)->length_flags = b->length << STR_LENGTH_SHIFT | str_flags_for(max);
    char_put(data, b->kind, b->length, 0);
    return b->buffer;
}
