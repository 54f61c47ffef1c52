/* Cutting text up; see text_ops.h. */
#include "types/str/text_ops.h"

#include "object/errors.h"
#include "types/list.h"
#include "types/str/unicode.h"
#include "types/tuple.h"

enum { LIKELY_PARTS = 10 };

typedef uint8_t Bytes16 __attribute__((vector_size(16)));
typedef uint64_t Longs2 __attribute__((vector_size(16)));

static Value str_part(Thread *t, Chars part, Value whole) {
    if (part.length == str_length(whole) && is_exactly(whole, &str_type))
        return whole;
    if (str_is_ascii(whole))
        return str_from_ascii(t, part.data, part.length);
    return str_from_part(t, part);
}
const TextKind str_text_kind = {str_part, false};

bool text_is_blank(const TextKind *kind, uint32_t c) {
    if (c < 0x80)
        return c == ' ' || (c >= 9 && c <= 13) || (!kind->bytes && c >= 0x1c && c <= 0x1f);
    return !kind->bytes && unicode_is_space(c);
}

static inline bool add_part(Thread *t, const TextKind *kind, Value list, Chars c, Value whole, size_t start, size_t end) {
    Chars piece = chars_part(c, start, end);
    Value part = kind == &str_text_kind ? str_part(t, piece, whole) : kind->part(t, piece, whole);
    return present(part) && list_push(t, list, part);
}

/* Blanks of bytes, and, where !bytes, of Latin-1 characters. */
static inline bool is_blank_1(bool bytes, uint8_t c) {
    static const uint64_t ascii = UINT64_C(0xf0003e00) | UINT64_C(1) << 32;
    if (c <= 32)
        return (bytes ? ascii & ~UINT64_C(0xf0000000) : ascii) >> c & 1;
    return !bytes && (c == 0x85 || c == 0xa0);
}

static inline Value split_blanks_in(Thread *t, const TextKind *kind, Chars c, Value whole, int64_t limit, bool narrow) {
    bool bytes = kind->bytes;
    Value list = TRY(list_new(t, LIKELY_PARTS));
    const uint8_t *s = c.data;
#define BLANK(i) (narrow ? is_blank_1(bytes, s[i]) : text_is_blank(kind, chars_get(&c, i)))
    for (size_t i = 0;;) {
        while (i < c.length && BLANK(i)) i++;
        if (i == c.length)
            break;
        size_t start = i;
        if (limit-- == 0) {
            CHECK(add_part(t, kind, list, c, whole, start, c.length));
            break;
        }
        while (i < c.length && !BLANK(i)) i++;
        CHECK(add_part(t, kind, list, c, whole, start, i));
    }
#undef BLANK
    return list;
}

Value text_split(Thread *t, const TextKind *kind, Chars c, Value whole, const Chars *separator, int64_t limit) {
    if (limit < 0)
        limit = INT64_MAX;
    if (!separator)
        return c.kind == 1 ? split_blanks_in(t, kind, c, whole, limit, true) : split_blanks_in(t, kind, c, whole, limit, false);
    if (separator->length == 0)
        return raise_value_error(t, "empty separator");
    Value list = TRY(list_new(t, LIKELY_PARTS));
    size_t start = 0;
    while (limit > 0 && separator->kind == c.kind) {
        size_t at[CHARS_FOUND_AT_ONCE], most = limit < CHARS_FOUND_AT_ONCE ? (size_t)limit : CHARS_FOUND_AT_ONCE;
        size_t found = chars_find_all(c, start, *separator, most, at);
        for (size_t i = 0; i < found; i++) {
            CHECK(add_part(t, kind, list, c, whole, start, at[i]));
            start = at[i] + separator->length;
        }
        limit = found < most ? 0 : limit - (int64_t)found;
    }
    while (limit-- > 0) {
        int64_t found = chars_find(chars_part(c, start, c.length), *separator);
        if (found < 0)
            break;
        CHECK(add_part(t, kind, list, c, whole, start, start + (size_t)found));
        start += (size_t)found + separator->length;
    }
    CHECK(add_part(t, kind, list, c, whole, start, c.length));
    return list;
}

static Value rsplit_blanks(Thread *t, const TextKind *kind, Chars c, Value whole, int64_t limit) {
    Value list = TRY(list_new(t, LIKELY_PARTS));
    size_t i = c.length;
    for (;;) {
        while (i > 0 && text_is_blank(kind, chars_get(&c, i - 1))) i--;
        if (i == 0)
            break;
        size_t end = i;
        if (limit-- == 0) {
            CHECK(add_part(t, kind, list, c, whole, 0, end));
            break;
        }
        while (i > 0 && !text_is_blank(kind, chars_get(&c, i - 1))) i--;
        CHECK(add_part(t, kind, list, c, whole, i, end));
    }
    return list_reverse(t, list) ? list : NO_VALUE;
}

Value text_rsplit(Thread *t, const TextKind *kind, Chars c, Value whole, const Chars *separator, int64_t limit) {
    if (limit < 0)
        limit = INT64_MAX;
    if (!separator)
        return rsplit_blanks(t, kind, c, whole, limit);
    if (separator->length == 0)
        return raise_value_error(t, "empty separator");
    Value list = TRY(list_new(t, LIKELY_PARTS));
    size_t end = c.length;
    while (limit-- > 0) {
        int64_t found = chars_rfind(chars_part(c, 0, end), *separator);
        if (found < 0)
            break;
        CHECK(add_part(t, kind, list, c, whole, (size_t)found + separator->length, end));
        end = (size_t)found;
    }
    CHECK(add_part(t, kind, list, c, whole, 0, end));
    return list_reverse(t, list) ? list : NO_VALUE;
}

static bool ends_line(const TextKind *kind, uint32_t c) {
    return kind->bytes ? c == '\n' || c == '\r' : unicode_is_line_break(c);
}

/* The first character from i on that ends a line. Of the narrow ones few do. */
static inline size_t line_end(const TextKind *kind, Chars c, size_t i) {
    if (c.kind == 1) {
        const uint8_t *s = c.data;
        for (; i + 16 <= c.length; i += 16) { /* nothing that might be one among 16 characters */
            Bytes16 v;
            memcpy(&v, s + i, 16);
            Longs2 control = (Longs2)((v < 0x20) | (v == 0x85));
            if (control[0] | control[1]) {
                i += control[0] ? (size_t)__builtin_ctzll(control[0]) / 8 : 8 + (size_t)__builtin_ctzll(control[1]) / 8;
                break;
            }
        }
        while (i < c.length && (s[i] >= 0x20 ? s[i] != 0x85 || kind->bytes : !ends_line(kind, s[i]))) i++;
        return i;
    }
    while (i < c.length && !ends_line(kind, chars_get(&c, i))) i++;
    return i;
}

Value text_split_lines(Thread *t, const TextKind *kind, Chars c, Value whole, bool keep_ends) {
    Value list = TRY(list_new(t, LIKELY_PARTS));
    for (size_t i = 0; i < c.length;) {
        size_t start = i, end = i = line_end(kind, c, i);
        if (i < c.length)
            i += chars_get(&c, i) == '\r' && i + 1 < c.length && chars_get(&c, i + 1) == '\n' ? 2 : 1;
        CHECK(add_part(t, kind, list, c, whole, start, keep_ends ? i : end));
    }
    return list;
}

Value text_partition(Thread *t, const TextKind *kind, Chars c, Value whole, Chars sep, Value separator, bool last) {
    if (sep.length == 0)
        return raise_value_error(t, "empty separator");
    int64_t found = last ? chars_rfind(c, sep) : chars_find(c, sep);
    if (found < 0) {
        Value all = TRY(kind->part(t, c, whole));
        Value none_1 = TRY(kind->part(t, chars_part(c, 0, 0), whole));
        Value none_2 = TRY(kind->part(t, chars_part(c, 0, 0), whole));
        Value parts[] = {last ? none_1 : all, last ? none_2 : none_1, last ? all : none_2};
        return tuple_from_values(t, parts, 3);
    }
    Value before = TRY(kind->part(t, chars_part(c, 0, (size_t)found), whole));
    Value after = TRY(kind->part(t, chars_part(c, (size_t)found + sep.length, c.length), whole));
    Value parts[] = {before, separator, after};
    return tuple_from_values(t, parts, 3);
}

/* Most texts neither begin nor end with a blank: the commonest characters are told apart first. */
static inline bool is_blank(const TextKind *kind, uint32_t c) { return (c <= ' ' || c >= 0x7f) && text_is_blank(kind, c); }

/* Sets to strip are mostly short. */
static inline bool in_set(const Chars *set, uint32_t c) {
    if (set->kind != 1 || set->length > 8)
        return chars_find_char(*set, c) >= 0;
    bool found = false;
    for (size_t i = 0; i < set->length; i++) found |= ((const uint8_t *)set->data)[i] == c;
    return found;
}

Chars text_strip(const TextKind *kind, Chars c, const Chars *set, int sides) {
    size_t start = 0, end = c.length;
    if (!set) {
        if (sides & STRIP_LEFT)
            while (start < end && is_blank(kind, chars_get(&c, start))) start++;
        if (sides & STRIP_RIGHT)
            while (end > start && is_blank(kind, chars_get(&c, end - 1))) end--;
    } else {
        if (sides & STRIP_LEFT)
            while (start < end && in_set(set, chars_get(&c, start))) start++;
        if (sides & STRIP_RIGHT)
            while (end > start && in_set(set, chars_get(&c, end - 1))) end--;
    }
    return chars_part(c, start, end);
}
